/// Answers questions that are asked at about the same time with one query: while a query runs, further questions gather
/// for the next one. Where an answer has time, a query also waits a little for questions to gather.
actor GatheredReads<Key: Hashable & Sendable, Value: Sendable> {
    /// Answers some questions at once; those it leaves out have no answer. An answer that is bad by itself is a failure of
    /// its own, so that it harms no other.
    typealias Read = @Sendable (_ keys: [Key]) async throws -> [Key: Result<Value, any Error>]

    /// Rests before each query.
    typealias Gather = @Sendable () async -> Void

    private let read: Read
    private let gather: Gather?
    private var asked: [(key: Key, answer: CheckedContinuation<Value?, any Error>)] = []
    private var isReading = false

    /// How many questions wait for the next query.
    var waitingCount: Int { asked.count }

    /// - Parameter gather: nil for questions that cannot wait.
    init(gather: Gather? = nil, _ read: @escaping Read) {
        self.read = read
        self.gather = gather
    }

    /// - Returns: nil when there is none.
    func value(for key: Key) async throws -> Value? {
        try await withCheckedThrowingContinuation { answer in
            asked.append((key, answer))
            guard !isReading else { return }
            isReading = true
            Task { await readAsked() }
        }
    }

    private func readAsked() async {
        while !asked.isEmpty {
            await gather?()
            let batch = asked
            asked = []
            do {
                let found = try await read(Array(Set(batch.map(\.key))))
                for (key, answer) in batch { answer.resume(with: found[key]?.map(Optional.some) ?? .success(nil)) }
            } catch {
                for (_, answer) in batch { answer.resume(throwing: error) }
            }
        }
        isReading = false
    }
}
