/// An order, or a part of it, is refunded: the money is back and the places are free.
public struct OrderRefunded: Event {
    public static let name = "ticketing.order-refunded.v1"
    public static let source = ServiceName.ticketing

    public var refundID: RefundID
    public var orderID: OrderID
    public var checkoutID: CheckoutID
    public var organizationID: OrganizationID
    public var eventID: EventID
    public var occurrenceID: OccurrenceID
    public var eventName: String
    public var occurrenceName: String?
    public var startAt: Timestamp
    public var timezone: String
    public var organizerName: String?
    public var buyer: Buyer
    public var amountCents: Int
    public var currency: Currency
    public var tickets: [RefundedTicket]
    public var orderStatus: OrderStatus
    public var orderTotalCents: Int
    /// What has been refunded of the order in all.
    public var orderRefundedCents: Int
    public var orderVersion: Int
    public var cause: RefundCause
    public var reason: String
    public var refundedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case timezone, buyer, currency, tickets, cause, reason
        case refundID = "refund_id"
        case orderID = "order_id"
        case checkoutID = "checkout_id"
        case organizationID = "organization_id"
        case eventID = "event_id"
        case occurrenceID = "occurrence_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case organizerName = "organizer_name"
        case amountCents = "amount_cents"
        case orderStatus = "order_status"
        case orderTotalCents = "order_total_cents"
        case orderRefundedCents = "order_refunded_cents"
        case orderVersion = "order_version"
        case refundedAt = "refunded_at"
    }

    public init(
        refundID: RefundID, orderID: OrderID, checkoutID: CheckoutID, organizationID: OrganizationID, eventID: EventID,
        occurrenceID: OccurrenceID, eventName: String, occurrenceName: String? = nil, startAt: Timestamp,
        timezone: String, organizerName: String? = nil, buyer: Buyer, amountCents: Int, currency: Currency,
        tickets: [RefundedTicket], orderStatus: OrderStatus, orderTotalCents: Int, orderRefundedCents: Int,
        orderVersion: Int, cause: RefundCause, reason: String, refundedAt: Timestamp
    ) {
        self.refundID = refundID
        self.orderID = orderID
        self.checkoutID = checkoutID
        self.organizationID = organizationID
        self.eventID = eventID
        self.occurrenceID = occurrenceID
        self.eventName = eventName
        self.occurrenceName = occurrenceName
        self.startAt = startAt
        self.timezone = timezone
        self.organizerName = organizerName
        self.buyer = buyer
        self.amountCents = amountCents
        self.currency = currency
        self.tickets = tickets
        self.orderStatus = orderStatus
        self.orderTotalCents = orderTotalCents
        self.orderRefundedCents = orderRefundedCents
        self.orderVersion = orderVersion
        self.cause = cause
        self.reason = reason
        self.refundedAt = refundedAt
    }

    public static var example: OrderRefunded {
        OrderRefunded(
            refundID: .example, orderID: .example, checkoutID: .example, organizationID: .example, eventID: .example,
            occurrenceID: .example, eventName: "Night of the Proms", occurrenceName: "Opening night", startAt: .example,
            timezone: "Africa/Johannesburg", organizerName: "Voelgoed", buyer: .example, amountCents: 5000,
            currency: .example, tickets: [.example], orderStatus: .refunded, orderTotalCents: 5000,
            orderRefundedCents: 5000, orderVersion: 3, cause: .example, reason: "The artist is ill.",
            refundedAt: .example
        )
    }
}
