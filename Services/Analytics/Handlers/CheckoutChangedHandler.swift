import Contracts
import Messaging
import Postgres

/// Notes the beginning and the success of a checkout in the activity stream.
struct CheckoutChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<CheckoutChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let activities = try messages.compactMap { message -> ActivityStore.Activity? in
            let checkout = message.body.checkout
            let name: ActivityStore.Activity.Name
            switch checkout.state {
            case .holding: name = .startCheckout
            case .completed: name = .checkoutSuccess
            case .awaitingPayment, .paying, .confirming, .soldOut, .canceled, .expired, .refunding, .refunded:
                return nil
            }
            return ActivityStore.Activity(
                name: name, subjectID: checkout.id.rawValue, organizationID: try message.organizationID,
                occurrenceID: checkout.occurrenceID, occurredAt: message.envelope.occurredAt)
        }
        try ActivityStore(transaction: transaction).append(activities)
        return messages.map { _ in .none }
    }
}
