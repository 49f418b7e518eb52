import Synchronization

/// What is to be done for many at once: whoever has one adds it, and one loop takes all that are there.
final class GatheredItems<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    private let arrival = WakeSignal()

    func add(_ new: [Item]) {
        guard !new.isEmpty else { return }
        items.withLock { $0 += new }
        arrival.wake()
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
        await arrival.wait()
    }

    func wake() {
        arrival.wake()
    }
}
