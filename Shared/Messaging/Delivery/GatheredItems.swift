import Synchronization

/// What is to be done for many at once: whoever has one adds it, and one loop takes all that are there.
final class GatheredItems<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ new: [Item]) {
        guard !new.isEmpty else { return }
        items.withLock { $0 += new }
        arrival.yield()
    }

    func take() -> [Item] {
        items.withLock { items in
            defer { items = [] }
            return items
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
