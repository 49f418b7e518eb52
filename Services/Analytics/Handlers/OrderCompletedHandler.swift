import Contracts
import Messaging
import Postgres

/// Counts the tickets of a completed order as sold, and notes its checkout's beginning and success in the activity stream.
struct OrderCompletedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderCompleted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var sales: [Sale] = []
        var activities: [ActivityStore.Activity] = []
        for message in messages {
            let organizationID = try message.organizationID
            sales += message.body.tickets.map {
                Sale(organizationID: organizationID, order: message.body, ticket: $0)
            }
            activities += Self.activities(of: message.body, organizationID: organizationID)
        }
        try ReportStore(transaction: transaction).add(sales)
        try ActivityStore(transaction: transaction).append(activities)
        return messages.map { _ in .none }
    }

    /// A checkout's id was made when its buyer began it.
    private static func activities(
        of order: OrderCompleted, organizationID: OrganizationID
    ) -> [ActivityStore.Activity] {
        let checkoutID = order.checkoutID.rawValue
        return [
            (.startCheckout, checkoutID.version7Time ?? order.completedAt), (.checkoutSuccess, order.completedAt),
        ].map { name, time in
            ActivityStore.Activity(
                name: name, subjectID: checkoutID, organizationID: organizationID, occurrenceID: order.occurrenceID,
                occurredAt: time)
        }
    }
}
