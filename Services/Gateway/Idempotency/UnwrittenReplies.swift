import Synchronization

/// Answers that were given and are still being written.
final class UnwrittenReplies: Sendable {
    private struct Writing {
        let number: Int
        let task: Task<Void, Never>
    }

    private struct State {
        var writings: [IdempotencyPlace: Writing] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Begins to write an answer.
    func write(_ place: IdempotencyPlace, _ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            // Unstructured because the request ends before it; it ends with the write.
            let task = Task {
                await work()
                finish(place, number)
            }
            state.writings[place] = Writing(number: number, task: task)
        }
    }

    /// Waits until nothing is being written in a place.
    func written(_ place: IdempotencyPlace) async {
        await state.withLock { $0.writings[place]?.task }?.value
    }

    /// Waits for all that is being written.
    func allWritten() async {
        for task in state.withLock({ $0.writings.values.map(\.task) }) { await task.value }
    }

    private func finish(_ place: IdempotencyPlace, _ number: Int) {
        state.withLock { state in
            if state.writings[place]?.number == number { state.writings[place] = nil }
        }
    }
}
