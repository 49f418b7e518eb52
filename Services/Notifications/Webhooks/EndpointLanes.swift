import Contracts
import Synchronization

/// Bounds how many attempts run against one endpoint at a time, and against all slow ones together, so that a slow
/// endpoint cannot take the places of the others. Who finds no room does not wait in a place: the delivery is parked.
final class EndpointLanes: Sendable {
    /// A place in an endpoint's lane, taken until it is given back.
    struct Place: Sendable {
        let endpointID: WebhookEndpointID
        fileprivate let since: ContinuousClock.Instant
    }

    private struct Lane {
        /// When the running attempts began, oldest first.
        var running: [ContinuousClock.Instant] = []
        /// Whether an attempt takes or took too long: then the endpoint gets few places.
        var isSlow = false
    }

    private struct State {
        var lanes: [WebhookEndpointID: Lane] = [:]
        /// How many attempts run against slow endpoints.
        var slowRunning = 0
    }

    /// From when on an endpoint counts as slow.
    static let slowness = Duration.seconds(5)

    private let width: Int
    private let slowWidth: Int
    private let slowTotal: Int
    private let slowness: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: how many attempts run against one endpoint at once.
    ///   - slowWidth: how many when it answers slowly.
    ///   - slowTotal: how many against all slow endpoints together.
    ///   - slowness: how long an answer may take before the endpoint counts as slow.
    init(width: Int, slowWidth: Int = 2, slowTotal: Int = 128, slowness: Duration = EndpointLanes.slowness) {
        self.width = width
        self.slowWidth = min(slowWidth, width)
        self.slowTotal = max(1, slowTotal)
        self.slowness = slowness
    }

    /// A place for an attempt that begins now; nil when there is no room. The caller must ``leave(_:isOff:at:)`` it.
    func enter(_ endpointID: WebhookEndpointID, at now: ContinuousClock.Instant = .now) -> Place? {
        state.withLock { state in
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
    }

    /// Gives a place back.
    /// - Parameter isOff: whether no attempt was made after all, so that nothing was learnt about the endpoint.
    func leave(_ place: Place, isOff: Bool = false, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            guard var lane = state.lanes[place.endpointID], let index = lane.running.firstIndex(of: place.since) else {
                return
            }
            let wasSlow = lane.isSlow
            if wasSlow { state.slowRunning -= lane.running.count }
            lane.running.remove(at: index)
            if !isOff { lane.isSlow = now - place.since >= slowness }
            if lane.isSlow { state.slowRunning += lane.running.count }
            // A lane that remembers nothing is not kept.
            state.lanes[place.endpointID] = lane.running.isEmpty && !lane.isSlow ? nil : lane
        }
    }

    /// How many more attempts may run against the endpoint now.
    func room(for endpointID: WebhookEndpointID) -> Int {
        state.withLock { state in room(in: state.lanes[endpointID] ?? Lane(), state) }
    }

    private func room(in lane: Lane, _ state: borrowing State) -> Int {
        guard lane.isSlow else { return max(0, width - lane.running.count) }
        return max(0, min(slowWidth - lane.running.count, slowTotal - state.slowRunning))
    }
}
