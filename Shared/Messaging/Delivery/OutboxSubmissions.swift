import Synchronization

/// Committed messages that wait in memory for their turn to be published.
final class OutboxSubmissions: Sendable {
    /// Messages beyond this stay in the table only, for the relay.
    static let limit = 2000

    private let messages = Mutex<[WireMessage]>([])
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ new: [WireMessage]) {
        messages.withLock { messages in
            if messages.count + new.count <= Self.limit { messages += new }
        }
        arrival.yield()
    }

    /// What waits; nil when nothing does.
    func take() -> [WireMessage]? {
        messages.withLock { messages in
            defer { messages = [] }
            return messages.isEmpty ? nil : messages
        }
    }

    /// Waits until something was added or ``wake()`` called.
    /// - Returns: false when the task is cancelled.
    func arrive() async -> Bool {
        var iterator = arrivals.makeAsyncIterator()
        return await iterator.next() != nil
    }

    func wake() {
        arrival.yield()
    }
}
