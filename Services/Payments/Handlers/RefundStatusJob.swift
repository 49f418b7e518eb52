import Contracts
import Messaging
import Postgres

/// Asks a provider what became of a refund, again and again until it knows.
struct RefundStatusJob: JobPerformer {
    struct Payload: Codable, Sendable {
        let provider: String
        let refundID: RefundID
        /// How many questions about this refund came before.
        let round: Int
    }

    static let kind = "refund-status"

    let providers: PaymentProviders
    let recorder: RefundRecorder
    let deadline: Deadline
    let concurrency: Int

    var lease: Duration { deadline.lease }

    func perform(_ job: Job<Payload>) async throws -> RefundVerdict {
        // Without its provider nobody can say what became of the money, so the question stays.
        guard let provider = providers.find(job.payload.provider) else { return .unknown }
        return try await deadline.verdict { try await provider.refundStatus(of: job.payload.refundID) }
            .asAnswerToAQuestion
    }

    func record(
        _ performed: [Performed<Payload, RefundVerdict>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try recorder.recordAndFollowUp(
            performed.map { item in
                RefundRecorder.Answer(
                    refundID: item.job.payload.refundID, verdict: item.outcome, round: item.job.payload.round)
            }, in: transaction, at: moment)
    }
}
