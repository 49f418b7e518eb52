/// The tickets of a refund no longer admit. What the gates, a mail and the charge's refund need is in here.
public struct RefundPrepared: Event {
    public static let name = "ticketing.refund-prepared.v1"
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
    /// The charge that paid for the order; absent for a free one.
    public var chargeID: ChargeID?
    public var amountCents: Int
    public var currency: Currency
    /// Empty when the tickets stay valid.
    public var ticketIDs: [TicketID]
    /// Grows with every refund step of the order: an older word about its tickets counts no more.
    public var orderVersion: Int
    public var cause: RefundCause
    public var reason: String
    public var preparedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case timezone, buyer, currency, cause, reason
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
        case chargeID = "charge_id"
        case amountCents = "amount_cents"
        case ticketIDs = "ticket_ids"
        case orderVersion = "order_version"
        case preparedAt = "prepared_at"
    }

    public init(
        refundID: RefundID, orderID: OrderID, checkoutID: CheckoutID, organizationID: OrganizationID, eventID: EventID,
        occurrenceID: OccurrenceID, eventName: String, occurrenceName: String? = nil, startAt: Timestamp,
        timezone: String, organizerName: String? = nil, buyer: Buyer, chargeID: ChargeID? = nil, amountCents: Int,
        currency: Currency, ticketIDs: [TicketID], orderVersion: Int, cause: RefundCause, reason: String,
        preparedAt: Timestamp
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
        self.chargeID = chargeID
        self.amountCents = amountCents
        self.currency = currency
        self.ticketIDs = ticketIDs
        self.orderVersion = orderVersion
        self.cause = cause
        self.reason = reason
        self.preparedAt = preparedAt
    }

    public static var example: RefundPrepared {
        RefundPrepared(
            refundID: .example, orderID: .example, checkoutID: .example, organizationID: .example, eventID: .example,
            occurrenceID: .example, eventName: "Night of the Proms", occurrenceName: "Opening night", startAt: .example,
            timezone: "Africa/Johannesburg", organizerName: "Voelgoed", buyer: .example, chargeID: .example,
            amountCents: 5000, currency: .example, ticketIDs: [.example], orderVersion: 2, cause: .example,
            reason: "The artist is ill.", preparedAt: .example
        )
    }
}
