import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization

@testable import Messaging
@testable import Payments

extension Mutation {
    /// The service with the bug in it.
    @SimulationActor
    func planted(in definition: ServiceDefinition, of simulation: Simulation) -> ServiceDefinition {
        switch (self, definition.name) {
        case (.publishBeforeCommit, _): Self.publishingEarly(definition, simulation.tooEarly)
        case (.sellWithoutCounting, .ticketing): Self.sellingWithoutCounting(definition)
        case (.releaseInFlight, .coordinator): Self.releasingInFlight(definition)
        case (.forgetTheTimer, .coordinator): Self.forgettingTimers(definition)
        case (.forgetTheRelease, .coordinator): Self.without(ReleaseHold.self, definition)
        case (.forgetTheRefund, .coordinator): Self.without(Refund.self, definition)
        case (.dropTheSecondAnswer, .coordinator): Self.droppingSecondAnswers(definition)
        case (.confirmUnderpaid, .coordinator): Self.confirmingUnderpaid(definition)
        case (.newKeyEachTime, .payments): Self.chargingUnderNewKeys(definition)
        case (.forgetTheLedger, .payments): Self.forgettingTheLedger(definition)
        case (.admitAgain, .scanning): Self.admittingAgain(definition)
        case (.swallowAnEvent, .notifications): Self.swallowing(definition)
        case (.newRefundKeyEachTime, .payments): Self.refundingUnderNewKeys(definition)
        case (.giveBackTwice, .ticketing): Self.givingBackTwice(definition)
        case (.forgetTheRevocation, .scanning): Self.forgettingRevocations(definition)
        case (.refundUnprepared, .ticketing): Self.refundingUnprepared(definition)
        case (.skipAPage, .coordinator): Self.skippingPages(definition)
        case (.renumberWebhooks, .notifications): Self.renumberingWebhooks(definition)
        case (.believeEveryAnswer, .notifications): Self.believingEveryAnswer(definition)
        case (.mailOnce, .notifications): Self.mailingOnce(definition)
        default: definition
        }
    }

    private static func publishingEarly(_ definition: ServiceDefinition, _ early: EarlyMessages) -> ServiceDefinition {
        let service = definition.name
        return definition.wrapping(
            messages: { real in
                PlantedMessageHandler(real: real) { messages, _, moment, handle in
                    try zip(messages, handle(messages)).map { message, effects in
                        try early.add(effects.messages, causedBy: message.envelope, from: service, at: moment)
                        return Effects(jobs: effects.jobs)
                    }
                }
            }, requests: { $0 }, jobs: { $0 }, sweeps: { $0 })
    }

    private static func sellingWithoutCounting(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changing(HoldTickets.name) { messages, transaction, _, handle in
            try transaction.execute("UPDATE inventory_pools SET reserved = 0 WHERE reserved <> 0")
            return try handle(messages)
        }
    }

    private static func releasingInFlight(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changingTimers { transaction, moment, sweep in
            let paying = try transaction.query(
                """
                SELECT checkout.id, checkout.order_id, checkout.occurrence_id, checkout.organization_id
                FROM checkout_timers AS timer JOIN checkouts AS checkout ON checkout.id = timer.checkout_id
                WHERE timer.due_at <= \(moment.now) AND checkout.state = 'paying' ORDER BY checkout.id
                """
            ).decode((CheckoutID, OrderID, OccurrenceID, OrganizationID).self)
            let result = try sweep()
            var effects = result.effects
            for (id, orderID, occurrenceID, organizationID) in paying {
                effects.send(
                    ReleaseHold(checkoutID: id, orderID: orderID, occurrenceID: occurrenceID, reason: .expired),
                    organizationID: organizationID, correlationID: id.rawValue)
            }
            return SweepResult(effects: effects, hasMore: result.hasMore)
        }
    }

    private static func forgettingTimers(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changingTimers { transaction, moment, _ in
            try transaction.execute("DELETE FROM checkout_timers WHERE due_at <= \(moment.now)")
            return SweepResult()
        }
    }

    private static func without<Body: Message>(_ type: Body.Type, _ definition: ServiceDefinition) -> ServiceDefinition
    {
        definition.changingEffects { effects in
            Effects(messages: effects.messages.filter { !($0.message is Body) }, jobs: effects.jobs)
        }
    }

    private static func droppingSecondAnswers(_ definition: ServiceDefinition) -> ServiceDefinition {
        let answered = AnsweredCheckouts()
        return definition.wrapping(
            messages: { real in
                guard [ChargeSucceeded.name, ChargeFailed.name].contains(real.message.name) else { return real }
                return PlantedMessageHandler(real: real) { messages, _, _, handle in
                    try messages.flatMap { answered.note($0.decoded) ? try handle([$0]) : [.none] }
                }
            }, requests: { $0 }, jobs: { $0 }, sweeps: { $0 })
    }

    private static func confirmingUnderpaid(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changingEffects { effects in
            let messages = effects.messages.map { outgoing -> Outgoing in
                var message = outgoing.message
                if var charge = message as? Charge {
                    charge.amountCents -= 1
                    message = charge
                } else if var confirm = message as? ConfirmTickets, confirm.chargeID != nil {
                    confirm.paidCents += 1
                    message = confirm
                }
                return Outgoing(
                    message, organizationID: outgoing.organizationID, correlationID: outgoing.correlationID)
            }
            return Effects(messages: messages, jobs: effects.jobs)
        }
    }

    private static func chargingUnderNewKeys(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { real in
                guard real.kind == ChargeJob.kind else { return real }
                return PlantedPerformer(real: real, aroundPerform: performUnderNewKey)
            }, sweeps: { $0 })
    }

    @Sendable private static func performUnderNewKey(
        id: UUID, payload: [UInt8], attempt: Int, perform: PlantedPerformer.Perform
    ) async throws -> any Sendable {
        let original = try MessageCodec.decode(ChargeJob.Payload.self, from: payload)
        let call = original.charge
        var bytes = call.chargeID.rawValue.uuid
        // The key of the first attempt stays, so that only a repetition shows.
        bytes.15 ^= UInt8(truncatingIfNeeded: attempt - 1)
        bytes.14 ^= UInt8(truncatingIfNeeded: original.round)
        let changed = ChargeJob.Payload(
            provider: original.provider,
            charge: ProviderCharge(
                chargeID: ChargeID(UUID(uuid: bytes)), amountCents: call.amountCents, currency: call.currency,
                token: call.token, holdExpiresAt: call.holdExpiresAt), round: original.round)
        let performed = try await perform(MessageCodec.encode(changed))
        guard let performed = performed as? Performed<ChargeJob.Payload, ChargeVerdict> else { return performed }
        let job = performed.job
        return Performed(
            job: Job(
                id: job.id, payload: original, attempt: job.attempt, organizationID: job.organizationID,
                correlationID: job.correlationID, startedAt: job.startedAt), outcome: performed.outcome)
    }

    private static func forgettingTheLedger(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { real in
                PlantedPerformer(
                    real: real,
                    aroundRecord: { transaction, moment, record in
                        let effects = try record()
                        // The books are append-only, also for a bug.
                        try transaction.execute("SET LOCAL session_replication_role = replica")
                        let entries = try transaction.query("SELECT id FROM journal_entries").decode(UUID.self)
                        try transaction.execute("DELETE FROM journal_lines WHERE entry_id = ANY(\(entries))")
                        try transaction.execute("DELETE FROM journal_entries WHERE id = ANY(\(entries))")
                        try transaction.execute("SET LOCAL session_replication_role = origin")
                        return effects
                    })
            }, sweeps: { $0 })
    }

    private static func admittingAgain(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 },
            requests: { real in
                guard real.message.name == RecordScan.name else { return real }
                return PlantedRequestHandler(real: real) { transaction, _, answer in
                    try transaction.execute("UPDATE tickets SET movements = movements + 1 WHERE is_inside")
                    return try answer()
                }
            }, jobs: { $0 }, sweeps: { $0 })
    }

    private static func swallowing(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.changing(OrderCompleted.name) { messages, _, _, handle in
            try messages.flatMap { $0.envelope.id.uuid.15 % 4 == 0 ? [.none] : try handle([$0]) }
        }
    }
}

extension ServiceDefinition {
    fileprivate func changingTimers(
        _ around: @escaping @Sendable (PostgresTransaction, Moment, PlantedSweep.Handle) throws -> SweepResult
    ) -> ServiceDefinition {
        wrapping(
            messages: { $0 }, requests: { $0 }, jobs: { $0 },
            sweeps: { $0.name == "checkout-timers" ? PlantedSweep(real: $0, around: around) : $0 })
    }
}

/// Which checkouts have heard from Payments, as one process remembers it.
private final class AnsweredCheckouts: Sendable {
    private let charges = Mutex<[CheckoutID: ChargeID]>([:])

    /// - Returns: false for the answer to another charge than the checkout's first.
    func note(_ message: any Sendable) -> Bool {
        let heard: (CheckoutID, ChargeID)? =
            switch message {
            case let success as Received<ChargeSucceeded>: (success.body.checkoutID, success.body.chargeID)
            case let failure as Received<ChargeFailed>: (failure.body.checkoutID, failure.body.chargeID)
            default: nil
            }
        guard let (checkoutID, chargeID) = heard else { return true }
        return charges.withLock { charges in
            let first = charges[checkoutID] ?? chargeID
            charges[checkoutID] = first
            return first == chargeID
        }
    }
}

/// Messages that left although nothing was committed yet.
final class EarlyMessages: Sendable {
    private let messages = Mutex<[WireMessage]>([])

    func add(
        _ outgoing: [Outgoing], causedBy cause: Envelope, from service: ServiceName, at moment: Moment
    ) throws {
        let wired = try outgoing.map { outgoing -> WireMessage in
            let (exchange, routingKey) = MessageRouting.destination(of: outgoing.message)
            return WireMessage(
                exchange: exchange, routingKey: routingKey,
                envelope: Envelope(
                    id: moment.makeUUID(), type: type(of: outgoing.message).name, occurredAt: moment.now,
                    correlationID: outgoing.correlationID ?? cause.correlationID, causationID: cause.id,
                    organizationID: outgoing.organizationID ?? cause.organizationID,
                    appID: service.rawValue), body: try MessageCodec.encode(outgoing.message))
        }
        messages.withLock { $0 += wired }
    }

    func take() -> [WireMessage] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
