import Contracts
import Messaging
import Postgres

/// Asks a provider what became of a charge, again and again until it knows. A charge that the provider does not have
/// when its time is over is called off there first: only then is it certain that no call on its way can still take the
/// money.
struct ChargeStatusJob: JobPerformer {
    struct Payload: Codable, Sendable {
        let provider: String
        let chargeID: ChargeID
        /// From when on an absent charge is called off.
        let abandonAt: Timestamp
        /// How many questions about this charge came before.
        let round: Int
    }

    static let kind = "charge-status"

    let providers: PaymentProviders
    let recorder: ChargeRecorder
    let deadline: Deadline
    let concurrency: Int

    var lease: Duration { deadline.lease }

    func perform(_ job: Job<Payload>) async throws -> ChargeVerdict {
        // Without its provider nobody can say what became of the money, so the question stays.
        guard let provider = providers.find(job.payload.provider) else { return .unknown }
        let verdict = try await deadline.verdict { try await provider.status(of: job.payload.chargeID) }
        switch verdict {
        case .absent where job.startedAt >= job.payload.abandonAt:
            return try await deadline.verdict { try await provider.cancel(job.payload.chargeID) }
                .asAnswerToAQuestion
        default:
            return verdict.asAnswerToAQuestion
        }
    }

    func record(
        _ performed: [Performed<Payload, ChargeVerdict>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try recorder.recordAndFollowUp(
            performed.map { item in
                ChargeRecorder.Answer(
                    chargeID: item.job.payload.chargeID, verdict: item.outcome, round: item.job.payload.round)
            }, in: transaction, at: moment)
    }
}
