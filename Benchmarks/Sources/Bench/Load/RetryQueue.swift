/// Requests that are to be sent again, the next one first: a binary heap.
struct RetryQueue {
    /// One request.
    struct Retry {
        var request: [UInt8]
        var tag: Int
        /// When it is due, in nanoseconds of ``MonotonicClock``.
        var due: UInt64
        /// When the first try was meant to begin.
        var firstStart: UInt64
        /// How many there have been.
        var tries: Int
    }

    private var heap: [Retry] = []

    var count: Int { heap.count }
    /// When the next one is due.
    var nextDue: UInt64? { heap.first?.due }

    mutating func insert(_ retry: Retry) {
        heap.append(retry)
        var child = heap.count - 1
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next one, if it is due.
    mutating func popDue(at now: UInt64) -> Retry? {
        guard let due = nextDue, due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        let retry = heap.removeLast()
        var parent = 0
        while let child = [2 * parent + 1, 2 * parent + 2].filter({ $0 < heap.count }).min(by: isEarlier),
            isEarlier(child, parent)
        {
            heap.swapAt(child, parent)
            parent = child
        }
        return retry
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool { heap[left].due < heap[right].due }
}
