import AMQP
import Synchronization

/// Requests that wait for their turn. Those of one kind and one organisation are answered by one worker at a time: while it
/// is at it, the next ones gather, and are answered together.
final class RequestBoard: Sendable {
    private struct State {
        /// The kinds with requests that wait, the one that has waited longest first.
        var order: [RequestProcessor.Group.Key] = []
        var waiting: [RequestProcessor.Group.Key: [AMQPDelivery]] = [:]
        var busy: Set<RequestProcessor.Group.Key> = []
        var workers = 0
    }

    /// How many requests are answered together at most.
    static let groupLimit = 100

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many workers there may be.
    init(limit: Int) {
        self.limit = limit
    }

    func add(_ deliveries: [AMQPDelivery]) {
        state.withLock { state in
            for group in RequestProcessor.groups(deliveries) {
                if state.waiting[group.key] == nil { state.order.append(group.key) }
                state.waiting[group.key, default: []] += group.deliveries
            }
        }
    }

    /// Work for another worker; nil when there is none, or enough workers.
    func take() -> RequestProcessor.Group? {
        state.withLock { state in
            guard state.workers < limit, let group = Self.next(&state) else { return nil }
            state.workers += 1
            return group
        }
    }

    /// Work for a worker that is done with a group; nil when there is none, and the worker is to end.
    func next(after done: RequestProcessor.Group) -> RequestProcessor.Group? {
        state.withLock { state in
            state.busy.remove(done.key)
            if let group = Self.next(&state) { return group }
            state.workers -= 1
            return nil
        }
    }

    private static func next(_ state: inout State) -> RequestProcessor.Group? {
        guard let position = state.order.firstIndex(where: { !state.busy.contains($0) }) else { return nil }
        let key = state.order.remove(at: position)
        let waiting = state.waiting.removeValue(forKey: key) ?? []
        if waiting.count > groupLimit {
            state.waiting[key] = Array(waiting.dropFirst(groupLimit))
            state.order.append(key)
        }
        state.busy.insert(key)
        return RequestProcessor.Group(key: key, deliveries: Array(waiting.prefix(groupLimit)))
    }
}
