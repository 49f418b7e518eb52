/// The messages of one call to publish, and what is known of them.
struct PublishBatch {
    private var results: [AMQPPublishResult?]
    private var openCount: Int
    /// The caller, once it waits.
    var continuation: CheckedContinuation<[AMQPPublishResult], Never>?

    init(count: Int) {
        results = Array(repeating: nil, count: count)
        openCount = count
    }

    /// Whether every message has its result.
    var isComplete: Bool {
        openCount == 0
    }

    /// The results of a complete batch, in the order of its messages.
    var completeResults: [AMQPPublishResult] {
        results.compactMap(\.self)
    }

    /// Stores a result. The first one counts.
    mutating func settle(_ index: Int, _ result: AMQPPublishResult) {
        if results[index] == nil {
            results[index] = result
            openCount -= 1
        }
    }

    /// Stores `result` for every message that has none.
    mutating func settleRest(_ result: AMQPPublishResult) {
        for index in results.indices {
            settle(index, result)
        }
    }
}
