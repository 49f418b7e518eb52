/// Everything on the printed tickets of one order for one occurrence. All text may be in any script.
public struct TicketSheet: Sendable, Equatable {
    /// The event's name, the largest text on the page.
    public var eventName: String

    /// The occurrence's own name, if it has one.
    public var occurrenceName: String?

    /// The start as the holder should read it at the venue, for example "Saturday 5 December 2026, 19:00".
    public var startsAt: String

    /// The end in the same form, if there is one.
    public var endsAt: String?

    /// The zone the times are in, for example "Africa/Johannesburg".
    public var timezone: String

    /// The venue's name.
    public var venueName: String

    /// Where it is; may have several lines.
    public var venueAddress: String?

    /// Who invites.
    public var organizerName: String

    /// The order as its buyer knows it.
    public var orderCode: String

    /// Who paid.
    public var buyerName: String

    /// The organiser's colour, used for the header.
    public var accent: TicketColor

    /// The language of the labels.
    public var wording: TicketWording

    /// One page each, in this order.
    public var tickets: [TicketFace]

    /// A sheet in the platform's colour with English labels unless said otherwise.
    public init(
        eventName: String,
        occurrenceName: String? = nil,
        startsAt: String,
        endsAt: String? = nil,
        timezone: String,
        venueName: String,
        venueAddress: String? = nil,
        organizerName: String,
        orderCode: String,
        buyerName: String,
        accent: TicketColor = .night,
        wording: TicketWording = .english,
        tickets: [TicketFace]
    ) {
        self.eventName = eventName
        self.occurrenceName = occurrenceName
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.timezone = timezone
        self.venueName = venueName
        self.venueAddress = venueAddress
        self.organizerName = organizerName
        self.orderCode = orderCode
        self.buyerName = buyerName
        self.accent = accent
        self.wording = wording
        self.tickets = tickets
    }
}
