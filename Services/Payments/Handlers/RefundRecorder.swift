import Contracts
import Foundation
import Messaging
import Postgres

/// The one place where refunds move once they are accepted: every verdict, whoever brings it, is settled here under the
/// row lock of the charge, with ledger, events and next steps in the same transaction.
struct RefundRecorder: Sendable {
    /// A verdict from a call of ours.
    struct Answer: Sendable {
        let refundID: RefundID
        let verdict: RefundVerdict
        /// How many questions about this refund came before.
        let round: Int
    }

    /// Records what our own calls brought, and asks or orders again where the end is not known.
    /// - Returns: what each answer causes, in the order given.
    /// - Throws: ``PaymentsError/unknownRefund(_:)`` when a refund does not exist.
    func recordAndFollowUp(
        _ answers: [Answer], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let settlements = try record(answers.map { ($0.refundID, $0.verdict) }, in: transaction, at: moment)
        return zip(answers, settlements).map { answer, settlement in
            var effects = effects(of: settlement)
            if let job = followUp(to: answer, of: settlement.refund, at: moment.now) {
                effects.start(job)
            }
            return effects
        }
    }

    /// Records what a provider told on its own.
    /// - Throws: ``PaymentsError/unknownRefund(_:)`` when that provider has no such refund from us.
    func record(
        _ verdict: RefundVerdict, of refundID: RefundID, from provider: String, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws -> Effects {
        let settlements = try record([(refundID, verdict)], onlyFrom: provider, in: transaction, at: moment)
        return settlements.reduce(into: Effects.none) { $0.append(effects(of: $1)) }
    }

    private func record(
        _ verdicts: [(refundID: RefundID, verdict: RefundVerdict)], onlyFrom provider: String? = nil,
        in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [RefundSettlement] {
        let store = RefundStore(transaction: transaction)
        let locked = try store.lockWithCharges(verdicts.map(\.refundID))
        var refunds = locked
        var settlements: [RefundSettlement] = []
        var drafts: [JournalEntryDraft] = []
        for (refundID, verdict) in verdicts {
            guard let refund = refunds[refundID], provider == nil || provider == refund.provider else {
                throw PaymentsError.unknownRefund(refundID)
            }
            let settlement = RefundSettlement(of: refund, by: verdict)
            switch settlement.step {
            case .none, .becamePending: break
            case .succeeded: drafts.append(try .success(of: settlement.refund))
            case .failed: drafts.append(try .reversal(of: settlement.refund))
            }
            refunds[refundID] = settlement.refund
            settlements.append(settlement)
        }
        let changes = locked.values.compactMap { before in
            refunds[before.id].flatMap { $0 == before ? nil : (before: before, after: $0) }
        }
        try store.update(changes, at: moment.now)
        try LedgerStore(transaction: transaction).post(drafts, at: moment)
        return settlements
    }

    private func effects(of settlement: RefundSettlement) -> Effects {
        let refund = settlement.refund
        let event: (any Event)? =
            switch settlement.step {
            case .none: nil
            case .becamePending:
                RefundPending(
                    refundID: refund.id, chargeID: refund.chargeID, checkoutID: refund.checkoutID,
                    orderID: refund.orderID)
            case .succeeded, .failed: refund.outcome
            }
        var effects = Effects.none
        if let event {
            effects.send(event, organizationID: refund.organizationID, correlationID: refund.correlationID)
        }
        return effects
    }

    private func followUp(to answer: Answer, of refund: RefundRecord, at now: Timestamp) -> NewJob? {
        guard let provider = refund.provider else { return nil }
        switch RefundFollowUp(to: answer.verdict, of: refund, round: answer.round) {
        case .none:
            return nil
        case .refundAgain(let delay):
            return NewJob(
                RefundJob.self,
                RefundJob.Payload(provider: provider, refund: ProviderRefund(refund), round: answer.round + 1),
                dueAt: now + delay, organizationID: refund.organizationID, correlationID: refund.correlationID)
        case .inquire(let delay):
            return NewJob(
                RefundStatusJob.self,
                RefundStatusJob.Payload(provider: provider, refundID: refund.id, round: answer.round + 1),
                dueAt: now + delay, organizationID: refund.organizationID, correlationID: refund.correlationID)
        }
    }
}
