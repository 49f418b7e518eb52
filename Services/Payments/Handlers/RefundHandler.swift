import Contracts
import Foundation
import Messaging
import Postgres

/// Takes orders to give money back: decides under the lock of the charge, writes each refund down, books what is owed and
/// starts the call to the provider. What the charge cannot give is refused at once, and stays refused. An order that comes
/// again starts nothing; when its refund has ended, the outcome is said again.
struct RefundHandler: MessageHandler {
    let fees: RefundFees

    func handle(
        _ messages: [Received<Refund>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let store = RefundStore(transaction: transaction)
        let ordered = try messages.map { message in
            RefundRecord(
                message.body, organizationID: try message.organizationID,
                correlationID: message.envelope.correlationID)
        }
        try store.lockCharges(ordered.map(\.chargeID))
        var known = try store.find(ordered.map(\.id))
        var charges = try store.refundableCharges(ordered.map(\.chargeID))
        var new: [(refund: RefundRecord, commandID: UUID)] = []
        for (order, message) in zip(ordered, messages) where known[order.id] == nil {
            let refund = charges[order.chargeID]?.decide(order, fees: fees) ?? order.refusedAsUnknownCharge
            known[order.id] = refund
            new.append((refund, message.envelope.id))
        }
        try store.insert(new, at: moment.now)
        let accepted = new.map(\.refund).filter { !$0.hasEnded }
        try LedgerStore(transaction: transaction).post(try accepted.map { try .acceptance(of: $0) }, at: moment)
        var starting = Set(accepted.map(\.id))
        return try ordered.map { order in
            // Answering would speak for the refund that was first, perhaps to another organisation.
            guard let refund = known[order.id], refund.isSameOrder(as: order) else {
                throw PaymentsError.refundIDReused(order.id)
            }
            if starting.remove(order.id) != nil, let provider = refund.provider {
                let payload = RefundJob.Payload(provider: provider, refund: ProviderRefund(refund), round: 0)
                return Effects(jobs: [NewJob(RefundJob.self, payload)])
            }
            return refund.outcome.map { Effects($0) } ?? .none
        }
    }
}
