import Contracts
import Synchronization

/// Bounds how many attempts run against one endpoint at a time, so that a slow endpoint cannot take the places of all
/// others. Who finds no room is told to come back later instead of waiting in a place.
final class EndpointLanes: Sendable {
    private struct Lane {
        var running = 0
        var waiting: [CheckedContinuation<Bool, Never>] = []
        /// Whether the last attempt took too long: then the endpoint gets few places and nobody waits for it.
        var isSlow = false
    }

    private let width: Int
    private let slowWidth: Int
    private let maximumWaiting: Int
    private let lanes = Mutex<[WebhookEndpointID: Lane]>([:])

    /// - Parameters:
    ///   - width: how many attempts run against one endpoint at once.
    ///   - slowWidth: how many when it answers slowly.
    ///   - maximumWaiting: how many wait for their turn.
    init(width: Int, slowWidth: Int = 2, maximumWaiting: Int = 32) {
        self.width = width
        self.slowWidth = min(slowWidth, width)
        self.maximumWaiting = maximumWaiting
    }

    /// Returns whether there is room, after a short wait for it if need be. After `true` the caller must
    /// ``leave(_:wasSlow:)``.
    func enter(_ endpointID: WebhookEndpointID) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = lanes.withLock { lanes in
                var lane = lanes[endpointID] ?? Lane()
                defer { lanes[endpointID] = lane }
                if lane.running < (lane.isSlow ? slowWidth : width) {
                    lane.running += 1
                    return true
                }
                guard !lane.isSlow, lane.waiting.count < maximumWaiting else { return false }
                lane.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// How many wait for a place.
    func waitingCount(_ endpointID: WebhookEndpointID) -> Int {
        lanes.withLock { $0[endpointID]?.waiting.count ?? 0 }
    }

    /// Gives a place back.
    /// - Parameter wasSlow: whether the endpoint took too long; nil when nothing was learnt.
    func leave(_ endpointID: WebhookEndpointID, wasSlow: Bool?) {
        let answered = lanes.withLock { lanes -> [(waiter: CheckedContinuation<Bool, Never>, hasRoom: Bool)] in
            guard var lane = lanes[endpointID] else { return [] }
            if let wasSlow { lane.isSlow = wasSlow }
            var answered: [(waiter: CheckedContinuation<Bool, Never>, hasRoom: Bool)] = []
            lane.running -= 1
            if lane.isSlow {
                answered = lane.waiting.map { ($0, false) }
                lane.waiting = []
            } else if !lane.waiting.isEmpty {
                answered = [(lane.waiting.removeFirst(), true)]
                lane.running += 1
            }
            // A lane that remembers nothing is not kept.
            lanes[endpointID] = lane.running == 0 && !lane.isSlow ? nil : lane
            return answered
        }
        for (waiter, hasRoom) in answered { waiter.resume(returning: hasRoom) }
    }
}
