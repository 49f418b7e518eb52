import Contracts
import Synchronization

/// Bounds how many attempts run against one endpoint at a time, and against all slow ones together, so that a slow
/// endpoint cannot take the places of the others.
///
/// Who finds no room waits a little, if the endpoint is not slow and few others wait: a burst at an endpoint that answers is
/// over in no time. Else the delivery is parked.
final class EndpointLanes: Sendable {
    /// A place in an endpoint's lane, taken until it is given back.
    struct Place: Sendable {
        let endpointID: WebhookEndpointID
        fileprivate let since: ContinuousClock.Instant
    }

    private struct Waiter {
        let number: Int
        let place: CheckedContinuation<Place?, Never>
    }

    private struct Lane {
        /// When the running attempts began, oldest first.
        var running: [ContinuousClock.Instant] = []
        /// Who gets the next places, first come first served.
        var waiters: [Waiter] = []
        /// Whether an attempt takes or took too long: then the endpoint gets few places.
        var isSlow = false
    }

    private struct State {
        var lanes: [WebhookEndpointID: Lane] = [:]
        /// How many attempts run against slow endpoints.
        var slowRunning = 0
        /// How many wait, for all endpoints together.
        var waiting = 0
        var nextNumber = 0
    }

    /// From when on an endpoint counts as slow.
    static let slowness = Duration.seconds(5)

    private let width: Int
    private let slowWidth: Int
    private let slowTotal: Int
    private let slowness: Duration
    private let maximumWaiting: Int
    private let patience: @Sendable () async -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: how many attempts run against one endpoint at once.
    ///   - slowWidth: how many when it answers slowly.
    ///   - slowTotal: how many against all slow endpoints together.
    ///   - slowness: how long an answer may take before the endpoint counts as slow.
    ///   - maximumWaiting: how many may wait for room, for all endpoints together.
    ///   - patience: returns when somebody has waited long enough.
    init(
        width: Int, slowWidth: Int = 2, slowTotal: Int = 128, slowness: Duration = EndpointLanes.slowness,
        maximumWaiting: Int = 0,
        patience: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .milliseconds(500)) }
    ) {
        self.width = width
        self.slowWidth = min(slowWidth, width)
        self.slowTotal = max(1, slowTotal)
        self.slowness = slowness
        self.maximumWaiting = maximumWaiting
        self.patience = patience
    }

    /// A place for an attempt that begins now; nil when there is no room. The caller must ``leave(_:isOff:at:)`` it.
    func enter(_ endpointID: WebhookEndpointID, at now: ContinuousClock.Instant = .now) -> Place? {
        state.withLock { enter(endpointID, &$0, at: now) }
    }

    /// A place for an attempt that begins when this returns; nil when there was no room. The caller must
    /// ``leave(_:isOff:at:)`` it.
    func waitToEnter(_ endpointID: WebhookEndpointID) async -> Place? {
        await withCheckedContinuation { continuation in
            let (place, number): (Place?, Int?) = state.withLock { state in
                if let place = enter(endpointID, &state, at: .now) { return (place, nil) }
                guard state.waiting < maximumWaiting, state.lanes[endpointID]?.isSlow == false else {
                    return (nil, nil)
                }
                state.nextNumber += 1
                state.waiting += 1
                state.lanes[endpointID]?.waiters.append(Waiter(number: state.nextNumber, place: continuation))
                return (nil, state.nextNumber)
            }
            guard let number else { return continuation.resume(returning: place) }
            Task {
                await patience()
                giveUp(number, at: endpointID)
            }
        }
    }

    /// Gives a place back.
    /// - Parameter isOff: whether no attempt was made after all, so that nothing was learnt about the endpoint.
    func leave(_ place: Place, isOff: Bool = false, at now: ContinuousClock.Instant = .now) {
        let answers = state.withLock { state -> [(Waiter, Place?)] in
            guard var lane = state.lanes[place.endpointID], let index = lane.running.firstIndex(of: place.since) else {
                return []
            }
            let wasSlow = lane.isSlow
            if wasSlow { state.slowRunning -= lane.running.count }
            lane.running.remove(at: index)
            if !isOff { lane.isSlow = now - place.since >= slowness }
            if lane.isSlow { state.slowRunning += lane.running.count }
            state.lanes[place.endpointID] = lane
            return admit(place.endpointID, &state, at: now)
        }
        for (waiter, place) in answers { waiter.place.resume(returning: place) }
    }

    /// How many more attempts may run against the endpoint now.
    func room(for endpointID: WebhookEndpointID) -> Int {
        state.withLock { state in room(in: state.lanes[endpointID] ?? Lane(), state) }
    }

    /// How many attempts at the endpoint wait for room.
    func waitingCount(for endpointID: WebhookEndpointID) -> Int {
        state.withLock { $0.lanes[endpointID]?.waiters.count ?? 0 }
    }

    private func enter(
        _ endpointID: WebhookEndpointID, _ state: inout State, at now: ContinuousClock.Instant
    ) -> Place? {
        var lane = state.lanes[endpointID] ?? Lane()
        // An answer that is long overdue says as much as one that came late.
        if !lane.isSlow, let oldest = lane.running.first, now - oldest >= slowness {
            lane.isSlow = true
            state.slowRunning += lane.running.count
        }
        defer { state.lanes[endpointID] = lane }
        guard room(in: lane, state) > 0 else { return nil }
        lane.running.append(now)
        if lane.isSlow { state.slowRunning += 1 }
        return Place(endpointID: endpointID, since: now)
    }

    /// Gives the room that there is to those who wait; nobody waits for a slow endpoint.
    private func admit(
        _ endpointID: WebhookEndpointID, _ state: inout State, at now: ContinuousClock.Instant
    ) -> [(Waiter, Place?)] {
        var answers: [(Waiter, Place?)] = []
        while let waiter = state.lanes[endpointID]?.waiters.first {
            let place = enter(endpointID, &state, at: now)
            guard place != nil || state.lanes[endpointID]?.isSlow == true else { break }
            state.lanes[endpointID]?.waiters.removeFirst()
            state.waiting -= 1
            answers.append((waiter, place))
        }
        // A lane that remembers nothing is not kept.
        if let lane = state.lanes[endpointID], lane.running.isEmpty, !lane.isSlow { state.lanes[endpointID] = nil }
        return answers
    }

    private func giveUp(_ number: Int, at endpointID: WebhookEndpointID) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.lanes[endpointID]?.waiters.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            state.waiting -= 1
            return state.lanes[endpointID]?.waiters.remove(at: index)
        }
        waiter?.place.resume(returning: nil)
    }

    private func room(in lane: Lane, _ state: borrowing State) -> Int {
        guard lane.isSlow else { return max(0, width - lane.running.count) }
        return max(0, min(slowWidth - lane.running.count, slowTotal - state.slowRunning))
    }
}
