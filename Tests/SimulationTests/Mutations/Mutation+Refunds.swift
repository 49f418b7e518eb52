import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging
@testable import Payments

/// Bugs of refunds and cancellations.
extension Mutation {
    static func refundingUnderNewKeys(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { real in
                guard real.kind == RefundJob.kind else { return real }
                return PlantedPerformer(real: real, aroundPerform: performRefundUnderNewKey)
            }, sweeps: { $0 })
    }

    @Sendable private static func performRefundUnderNewKey(
        id: UUID, payload: [UInt8], attempt: Int, perform: PlantedPerformer.Perform
    ) async throws -> any Sendable {
        let original = try MessageCodec.decode(RefundJob.Payload.self, from: payload)
        let call = original.refund
        var bytes = call.refundID.rawValue.uuid
        // The key of the first attempt stays, so that only a repetition shows.
        bytes.15 ^= UInt8(truncatingIfNeeded: attempt - 1)
        bytes.14 ^= UInt8(truncatingIfNeeded: original.round)
        let changed = RefundJob.Payload(
            provider: original.provider,
            refund: ProviderRefund(
                refundID: RefundID(UUID(uuid: bytes)), chargeID: call.chargeID, amountCents: call.amountCents,
                currency: call.currency), round: original.round)
        let performed = try await perform(MessageCodec.encode(changed))
        guard let performed = performed as? Performed<RefundJob.Payload, RefundVerdict> else { return performed }
        let job = performed.job
        return Performed(
            job: Job(
                id: job.id, payload: original, attempt: job.attempt, organizationID: job.organizationID,
                correlationID: job.correlationID, startedAt: job.startedAt), outcome: performed.outcome)
    }

    static func givingBackTwice(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changing(CompleteRefund.name) { messages, transaction, _, handle in
            let effects = try handle(messages)
            try transaction.execute("UPDATE inventory_pools SET sold = sold - 1 WHERE sold > 0")
            return effects
        }
    }

    static func forgettingRevocations(_ definition: ServiceDefinition) -> ServiceDefinition {
        let deaf: PlantedMessageHandler.Around = { messages, _, _, _ in messages.map { _ in .none } }
        return definition.changing(RefundPrepared.name, deaf).changing(OrderRefunded.name, deaf)
    }

    static func refundingUnprepared(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changing(PrepareRefund.name) { messages, transaction, _, handle in
            let effects = try handle(messages)
            try transaction.execute(
                "UPDATE tickets SET refund_id = NULL WHERE refund_id IS NOT NULL AND status <> 'refunded'")
            return effects
        }
    }

    static func skippingPages(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 }, jobs: { $0 },
            sweeps: { real in
                guard real.name == "cancellations" else { return real }
                return PlantedSweep(real: real) { transaction, _, sweep in
                    // A page of three, so that there is a second one.
                    try transaction.execute(
                        """
                        UPDATE cancellations SET saga = saga || jsonb_build_object('cursor', upper(page.last::text))
                        FROM (
                            SELECT occurrence_id, id AS last,
                                row_number() OVER (PARTITION BY occurrence_id ORDER BY id) AS number
                            FROM checkouts) AS page
                        WHERE page.occurrence_id = cancellations.id AND page.number = 3
                            AND cancellations.saga ->> 'cursor' IS NULL
                        """)
                    return try sweep()
                }
            })
    }
}
