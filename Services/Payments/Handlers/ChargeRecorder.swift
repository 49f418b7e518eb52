import Contracts
import Foundation
import Messaging
import Postgres

/// The one place where charges move: every verdict, whoever brings it, is settled here under the row locks of its
/// order, with ledger, events and next steps in the same transaction.
struct ChargeRecorder: Sendable {
    /// A verdict from a call of ours.
    struct Answer: Sendable {
        let chargeID: ChargeID
        let verdict: ChargeVerdict
        /// How many questions about this charge came before.
        let round: Int
    }

    let fee: PlatformFee
    let persistence: ChargePersistence

    /// Records what our own calls brought, and asks again where the end is not known.
    /// - Returns: what each answer causes, in the order given.
    /// - Throws: ``PaymentsError/unknownCharge(_:)`` when a charge does not exist.
    func recordAndFollowUp(
        _ answers: [Answer], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let settlements = try record(answers.map { ($0.chargeID, $0.verdict) }, in: transaction, at: moment)
        return zip(answers, settlements).map { answer, settlement in
            var effects = effects(of: settlement)
            if let job = followUp(to: answer, of: settlement.charge, at: moment.now) {
                effects.start(job)
            }
            return effects
        }
    }

    /// Records what a provider told on its own.
    /// - Throws: ``PaymentsError/unknownCharge(_:)`` when that provider has no such charge from us.
    func record(
        _ verdict: ChargeVerdict, of chargeID: ChargeID, from provider: String, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws -> Effects {
        let settlements = try record([(chargeID, verdict)], onlyFrom: provider, in: transaction, at: moment)
        return settlements.reduce(into: Effects.none) { $0.append(effects(of: $1)) }
    }

    private func record(
        _ verdicts: [(chargeID: ChargeID, verdict: ChargeVerdict)], onlyFrom provider: String? = nil,
        in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [ChargeSettlement] {
        let store = ChargeStore(transaction: transaction)
        let locked = try store.lockWithOrders(verdicts.map(\.chargeID))
        var charges = Dictionary(locked.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var settlements: [ChargeSettlement] = []
        var drafts: [JournalEntryDraft] = []
        for (chargeID, verdict) in verdicts {
            guard let charge = charges[chargeID], provider == nil || provider == charge.provider else {
                throw PaymentsError.unknownCharge(chargeID)
            }
            let orderIsPaid = charges.values.contains {
                $0.orderID == charge.orderID && $0.id != chargeID && $0.status == .succeeded
            }
            let settlement = ChargeSettlement(of: charge, by: verdict, orderIsPaid: orderIsPaid)
            if settlement.step == .captured {
                drafts.append(try .capture(of: settlement.charge, fee: fee))
            }
            charges[chargeID] = settlement.charge
            settlements.append(settlement)
        }
        let changes = locked.compactMap { before in
            charges[before.id].flatMap { $0 == before ? nil : (before: before, after: $0) }
        }
        try store.update(changes, at: moment.now)
        try LedgerStore(transaction: transaction).post(drafts, at: moment)
        return settlements
    }

    private func effects(of settlement: ChargeSettlement) -> Effects {
        let charge = settlement.charge
        let event: (any Event)? =
            switch settlement.step {
            case .none: nil
            case .becamePending:
                ChargePending(chargeID: charge.id, checkoutID: charge.checkoutID, orderID: charge.orderID)
            case .captured, .failed: charge.outcome
            }
        var effects = Effects.none
        if let event {
            effects.send(event, organizationID: charge.organizationID, correlationID: charge.correlationID)
        }
        return effects
    }

    private func followUp(to answer: Answer, of charge: ChargeRecord, at now: Timestamp) -> NewJob? {
        switch persistence.followUp(to: answer.verdict, of: charge, round: answer.round, at: now) {
        case .none:
            return nil
        case .chargeAgain(let delay):
            guard let call = ProviderCharge(charge) else { return nil }
            return NewJob(
                ChargeJob.self, ChargeJob.Payload(provider: charge.provider, charge: call, round: answer.round + 1),
                dueAt: now + delay, organizationID: charge.organizationID, correlationID: charge.correlationID)
        case .inquire(let delay):
            return NewJob(
                ChargeStatusJob.self,
                ChargeStatusJob.Payload(
                    provider: charge.provider, chargeID: charge.id, abandonAt: persistence.abandonAt(charge),
                    round: answer.round + 1),
                dueAt: now + delay, organizationID: charge.organizationID, correlationID: charge.correlationID)
        }
    }
}
