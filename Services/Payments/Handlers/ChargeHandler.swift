import Contracts
import Foundation
import Messaging
import Postgres

/// Takes orders to charge: writes each charge down and starts the call to its provider. An order that comes again
/// starts nothing; when its charge has ended, the outcome is said again.
struct ChargeHandler: MessageHandler {
    func handle(
        _ messages: [Received<Charge>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let store = ChargeStore(transaction: transaction)
        let ordered = try messages.map { message in
            ChargeRecord(
                message.body, organizationID: try message.organizationID,
                correlationID: message.envelope.correlationID)
        }
        var new = try store.insertMissing(ordered, commandIDs: messages.map(\.envelope.id), at: moment.now)
        let known = try store.find(ordered.map(\.id))
        return try ordered.map { order in
            guard let charge = known[order.id] else { throw PaymentsError.unknownCharge(order.id) }
            // Answering would speak for the charge that was first, perhaps to another organisation.
            guard charge.isSameOrder(as: order) else { throw PaymentsError.chargeIDReused(order.id) }
            if new.remove(order.id) != nil, let call = ProviderCharge(charge) {
                return Effects(jobs: [
                    NewJob(ChargeJob.self, ChargeJob.Payload(provider: charge.provider, charge: call, round: 0))
                ])
            }
            return charge.outcome.map { Effects($0) } ?? .none
        }
    }
}
