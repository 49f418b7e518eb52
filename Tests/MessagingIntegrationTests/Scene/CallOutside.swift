import Contracts
import Messaging
import Postgres

/// A job whose outside world is a test.
struct CallOutside: JobPerformer {
    struct Payload: Codable, Sendable {
        var label: String
    }

    static let kind = "call-outside"

    var lease = Duration.seconds(60)
    var concurrency = 32
    var gathering = Duration.zero
    /// Hears how many outcomes are recorded at once.
    var recorded: Witness<Int>?
    /// The outside world: gets the label, and may throw.
    let call: @Sendable (Job<Payload>) async throws -> String

    func perform(_ job: Job<Payload>) async throws -> String {
        try await call(job)
    }

    func record(
        _ performed: [Performed<Payload, String>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        recorded?.append(performed.count)
        try EffectTable.insert(
            performed.map { (id: $0.job.id, label: $0.outcome) }, process: "job", in: transaction)
        return performed.map { [OrderFollowed(label: $0.outcome)] }
    }
}
