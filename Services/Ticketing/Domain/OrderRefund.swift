import Contracts

/// A refund of an order as Ticketing keeps it: everything its answers say, so that they can be said again.
struct OrderRefund: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case pending
        case completed(at: Timestamp, version: Int, orderStatus: OrderStatus, orderRefundedCents: Int)
        case abandoned(at: Timestamp, version: Int)
    }

    let id: RefundID
    let organizationID: OrganizationID
    let orderID: OrderID
    let cause: RefundCause
    let reason: String
    let amountCents: Int
    let currency: Currency
    /// The tickets it takes back, in the order of their positions; empty for a refund of an amount.
    let ticketIDs: [TicketID]
    /// The order's version by the preparation.
    let preparedVersion: Int
    let preparedAt: Timestamp
    var state: State

    /// The latest word about the refund, the same however often it is asked for.
    func answer(of order: RefundableOrder, at occurrence: OccurrenceFacts) -> any Message {
        switch state {
        case .pending: prepared(of: order, at: occurrence)
        case .completed(let at, let version, let orderStatus, let orderRefundedCents):
            OrderRefunded(
                refundID: id, orderID: orderID, checkoutID: order.checkoutID, organizationID: organizationID,
                eventID: occurrence.eventID, occurrenceID: order.occurrenceID, eventName: occurrence.eventName,
                occurrenceName: occurrence.occurrenceName, startAt: occurrence.startAt, timezone: occurrence.timezone,
                organizerName: occurrence.organizerName, buyer: order.buyer, amountCents: amountCents,
                currency: currency, tickets: order.tickets.filter { $0.refundID == id }.map(\.refunded),
                orderStatus: orderStatus, orderTotalCents: order.totalCents, orderRefundedCents: orderRefundedCents,
                orderVersion: version, cause: cause, reason: reason, refundedAt: at)
        case .abandoned(let at, let version):
            RefundAbandoned(
                refundID: id, orderID: orderID, occurrenceID: order.occurrenceID, ticketIDs: ticketIDs,
                orderVersion: version, abandonedAt: at)
        }
    }

    private func prepared(of order: RefundableOrder, at occurrence: OccurrenceFacts) -> RefundPrepared {
        RefundPrepared(
            refundID: id, orderID: orderID, checkoutID: order.checkoutID, organizationID: organizationID,
            eventID: occurrence.eventID, occurrenceID: order.occurrenceID, eventName: occurrence.eventName,
            occurrenceName: occurrence.occurrenceName, startAt: occurrence.startAt, timezone: occurrence.timezone,
            organizerName: occurrence.organizerName, buyer: order.buyer, chargeID: order.chargeID,
            amountCents: amountCents, currency: currency, ticketIDs: ticketIDs, orderVersion: preparedVersion,
            cause: cause, reason: reason, preparedAt: preparedAt)
    }
}
