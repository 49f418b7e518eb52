/// The order's tickets are confirmed and carry their codes. Everything a ticket, a mail, a gate index and a report
/// need is in here.
public struct OrderCompleted: Event {
    public static let name = "ticketing.order-completed.v1"
    public static let source = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var organizationID: OrganizationID
    public var eventID: EventID
    public var occurrenceID: OccurrenceID
    public var eventName: String
    public var occurrenceName: String?
    public var startAt: Timestamp
    public var endAt: Timestamp
    public var timezone: String
    public var venueName: String?
    public var venueAddress: JSONValue?
    public var organizerName: String?
    public var buyer: Buyer
    public var tickets: [IssuedTicket]
    public var totalCents: Int
    public var currency: Currency
    public var chargeID: ChargeID?
    public var completedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case timezone, buyer, tickets, currency
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case organizationID = "organization_id"
        case eventID = "event_id"
        case occurrenceID = "occurrence_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case endAt = "end_at"
        case venueName = "venue_name"
        case venueAddress = "venue_address"
        case organizerName = "organizer_name"
        case totalCents = "total_cents"
        case chargeID = "charge_id"
        case completedAt = "completed_at"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, organizationID: OrganizationID, eventID: EventID,
        occurrenceID: OccurrenceID, eventName: String, occurrenceName: String? = nil, startAt: Timestamp,
        endAt: Timestamp, timezone: String, venueName: String? = nil, venueAddress: JSONValue? = nil,
        organizerName: String? = nil, buyer: Buyer, tickets: [IssuedTicket], totalCents: Int, currency: Currency,
        chargeID: ChargeID? = nil, completedAt: Timestamp
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.organizationID = organizationID
        self.eventID = eventID
        self.occurrenceID = occurrenceID
        self.eventName = eventName
        self.occurrenceName = occurrenceName
        self.startAt = startAt
        self.endAt = endAt
        self.timezone = timezone
        self.venueName = venueName
        self.venueAddress = venueAddress
        self.organizerName = organizerName
        self.buyer = buyer
        self.tickets = tickets
        self.totalCents = totalCents
        self.currency = currency
        self.chargeID = chargeID
        self.completedAt = completedAt
    }

    public static var example: OrderCompleted {
        OrderCompleted(
            checkoutID: .example, orderID: .example, organizationID: .example, eventID: .example,
            occurrenceID: .example, eventName: "Night of the Proms", occurrenceName: "Opening night",
            startAt: .example, endAt: .example, timezone: "Africa/Johannesburg", venueName: "Royal Hall",
            venueAddress: .object([:]), organizerName: "Voelgoed", buyer: .example, tickets: [.example],
            totalCents: 5000, currency: .example, chargeID: .example, completedAt: .example
        )
    }
}
