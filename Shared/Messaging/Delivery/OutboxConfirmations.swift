import Foundation
import Synchronization

/// The ids of published messages whose rows are still to be deleted.
final class OutboxConfirmations: Sendable {
    private let ids = Mutex<[UUID]>([])
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ new: [UUID]) {
        guard !new.isEmpty else { return }
        ids.withLock { $0 += new }
        arrival.yield()
    }

    func take() -> [UUID] {
        ids.withLock { ids in
            defer { ids = [] }
            return ids
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
