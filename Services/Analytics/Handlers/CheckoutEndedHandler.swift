import Contracts
import Messaging
import Postgres

/// Notes the beginning of a checkout that came to nothing in the activity stream. That of a sale comes with its order.
struct CheckoutEndedHandler: MessageHandler {
    func handle(
        _ messages: [Received<CheckoutEnded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try ActivityStore(transaction: transaction).append(
            messages.map { message in
                let checkout = message.body.checkout
                return ActivityStore.Activity(
                    name: .startCheckout, subjectID: checkout.id.rawValue,
                    organizationID: try message.organizationID, occurrenceID: checkout.occurrenceID,
                    occurredAt: checkout.createdAt)
            })
        return messages.map { _ in .none }
    }
}
