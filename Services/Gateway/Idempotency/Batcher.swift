import Messaging

/// Does together what is asked for at the same time: while one batch is under way the next one gathers. One commit then
/// serves many requests under load, and a lone request waits for nobody.
actor Batcher<Input: Sendable, Output: Sendable> {
    typealias Perform = @Sendable ([Input]) async throws -> [Output]

    private struct Waiting {
        let input: Input
        let continuation: CheckedContinuation<Output, any Error>
    }

    private let limit: Int
    private let concurrency: Int
    private let gathering: Duration
    private let perform: Perform
    private var waiting: [Waiting] = []
    private var running = 0
    private let start = ContinuousClock.now
    private var pace = BatchPace(at: .zero)

    /// - Parameters:
    ///   - limit: the most inputs of one batch.
    ///   - concurrency: how many batches may be under way at the same time.
    ///   - gathering: how long to wait for more before each batch, where nobody waits for the outcome.
    ///   - perform: gives an output for each input, in their order.
    init(limit: Int, concurrency: Int, gathering: Duration = .zero, perform: @escaping Perform) {
        self.limit = limit
        self.concurrency = concurrency
        self.gathering = gathering
        self.perform = perform
    }

    /// How many inputs wait for the next batch.
    var waitingCount: Int { waiting.count }

    /// - Throws: what `perform` throws for a batch of this input alone.
    func submit(_ input: Input) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(input: input, continuation: continuation))
            guard running < concurrency else { return }
            running += 1
            // Unstructured because a batch serves many requests; it ends when nothing waits any more.
            Task { await drain() }
        }
    }

    private func drain() async {
        while !waiting.isEmpty {
            let rest = max(gathering, pace.begin(at: ContinuousClock.now - start))
            // Nobody cancels the task that drains.
            if rest > .zero { try? await Task.sleep(for: rest) }
            let batch = Array(waiting.prefix(limit))
            // Another batch may have taken them meanwhile.
            guard !batch.isEmpty else { continue }
            waiting.removeFirst(batch.count)
            await finish(batch)
        }
        running -= 1
    }

    private func finish(_ batch: [Waiting]) async {
        do {
            let outputs = try await perform(batch.map(\.input))
            precondition(outputs.count == batch.count, "a batch needs an output for each input")
            for (waiting, output) in zip(batch, outputs) { waiting.continuation.resume(returning: output) }
        } catch {
            guard batch.count > 1 else {
                for waiting in batch { waiting.continuation.resume(throwing: error) }
                return
            }
            // One bad input must not harm its neighbours.
            for waiting in batch { await finish([waiting]) }
        }
    }
}
