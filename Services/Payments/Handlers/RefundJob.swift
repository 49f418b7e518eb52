import Contracts
import Messaging
import Postgres

/// Orders one refund from its provider. Performing it again orders it under the same idempotency key.
struct RefundJob: JobPerformer {
    struct Payload: Codable, Sendable {
        let provider: String
        let refund: ProviderRefund
        /// How many questions about this refund came before.
        let round: Int
    }

    static let kind = "refund"

    let providers: PaymentProviders
    let recorder: RefundRecorder
    let deadline: Deadline
    let concurrency: Int

    var lease: Duration { deadline.lease }

    func perform(_ job: Job<Payload>) async throws -> RefundVerdict {
        // It took the money once, so it must be offered again before the money can go back.
        guard let provider = providers.find(job.payload.provider) else { return .unavailable }
        return try await deadline.verdict { try await provider.refund(job.payload.refund) }
    }

    func record(
        _ performed: [Performed<Payload, RefundVerdict>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try recorder.recordAndFollowUp(
            performed.map { item in
                RefundRecorder.Answer(
                    refundID: item.job.payload.refund.refundID, verdict: item.outcome, round: item.job.payload.round)
            }, in: transaction, at: moment)
    }
}
