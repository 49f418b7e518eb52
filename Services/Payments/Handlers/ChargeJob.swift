import Contracts
import Messaging
import Postgres

/// Orders one charge from its provider. Performing it again orders it under the same idempotency key.
struct ChargeJob: JobPerformer {
    struct Payload: Codable, Sendable {
        let provider: String
        let charge: ProviderCharge
        /// How many questions about this charge came before.
        let round: Int
    }

    static let kind = "charge"

    let providers: PaymentProviders
    let recorder: ChargeRecorder
    let deadline: Deadline
    let concurrency: Int

    var lease: Duration { deadline.lease }

    func perform(_ job: Job<Payload>) async throws -> ChargeVerdict {
        guard let provider = providers.find(job.payload.provider) else {
            return .failed(.unknownProvider, detail: "This payment provider is not offered.")
        }
        return try await deadline.verdict { try await provider.charge(job.payload.charge) }
    }

    func record(
        _ performed: [Performed<Payload, ChargeVerdict>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try recorder.recordAndFollowUp(
            performed.map { item in
                ChargeRecorder.Answer(
                    chargeID: item.job.payload.charge.chargeID, verdict: item.outcome, round: item.job.payload.round)
            }, in: transaction, at: moment)
    }
}
