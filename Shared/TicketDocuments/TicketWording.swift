/// The labels on a ticket, in one language.
public struct TicketWording: Sendable, Equatable {
    /// Heads the times.
    public var when: String
    /// Stands between a start and an end.
    public var until: String
    /// Heads the venue.
    public var place: String
    /// Heads the person admitted.
    public var holder: String
    /// Heads the ticket type.
    public var ticketType: String
    /// Heads the price.
    public var price: String
    /// Heads the order code.
    public var order: String
    /// Heads the buyer.
    public var buyer: String
    /// Heads the confirmation code.
    public var confirmationCode: String
    /// Heads the notes.
    public var notes: String
    /// How to use the page; stands on every one.
    public var admission: String
    /// "Ticket 2 of 3", with `{number}` and `{count}` in place of the numbers.
    public var ticketOfCount: String
    /// "Page 2 of 3", with `{number}` and `{count}` in place of the numbers.
    public var pageOfCount: String

    /// All labels, in the language of the caller's choice.
    public init(
        when: String, until: String, place: String, holder: String, ticketType: String, price: String, order: String,
        buyer: String, confirmationCode: String, notes: String, admission: String, ticketOfCount: String,
        pageOfCount: String
    ) {
        self.when = when
        self.until = until
        self.place = place
        self.holder = holder
        self.ticketType = ticketType
        self.price = price
        self.order = order
        self.buyer = buyer
        self.confirmationCode = confirmationCode
        self.notes = notes
        self.admission = admission
        self.ticketOfCount = ticketOfCount
        self.pageOfCount = pageOfCount
    }

    /// English.
    public static let english = TicketWording(
        when: "When", until: "until", place: "Where", holder: "Ticket holder", ticketType: "Ticket", price: "Price",
        order: "Order", buyer: "Bought by", confirmationCode: "Confirmation code", notes: "Good to know",
        admission: "Bring this page on paper or on your phone; its code is scanned at the door. "
            + "Whoever shows the code first is let in, so please do not share pictures of it.",
        ticketOfCount: "Ticket {number} of {count}", pageOfCount: "Page {number} of {count}"
    )

    /// Afrikaans.
    public static let afrikaans = TicketWording(
        when: "Wanneer", until: "tot", place: "Waar", holder: "Kaartjiehouer", ticketType: "Kaartjie", price: "Prys",
        order: "Bestelling", buyer: "Gekoop deur", confirmationCode: "Bevestigingskode", notes: "Goed om te weet",
        admission: "Bring hierdie bladsy op papier of op jou foon saam; die kode word by die deur geskandeer. "
            + "Wie die kode eerste wys, word ingelaat, so moet asseblief nie foto's daarvan deel nie.",
        ticketOfCount: "Kaartjie {number} van {count}", pageOfCount: "Bladsy {number} van {count}"
    )

    static func fill(_ pattern: String, number: Int, count: Int) -> String {
        pattern.replacing("{number}", with: String(number)).replacing("{count}", with: String(count))
    }
}
