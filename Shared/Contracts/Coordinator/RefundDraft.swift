/// What is to be refunded of an order (API, `POST /v1/orders/{id}/refunds`): some of its tickets, an amount, or, with
/// neither, everything that is left.
public struct RefundDraft: Codable, Sendable, Equatable {
    /// Why, for the buyer and the books: 1 to 500 characters.
    public var reason: String
    /// These tickets, at what was paid for each; at least one, each once.
    public var ticketIDs: [TicketID]?
    /// This amount in minor units, more than zero; the tickets stay valid. Not together with tickets.
    public var amountCents: Int?
    /// Whether the organiser refunds although the event's refund policy does not grant it.
    public var overridesPolicy: Bool?

    enum CodingKeys: String, CodingKey {
        case reason
        case ticketIDs = "ticket_ids"
        case amountCents = "amount_cents"
        case overridesPolicy = "overrides_policy"
    }

    public init(reason: String, ticketIDs: [TicketID]? = nil, amountCents: Int? = nil, overridesPolicy: Bool? = nil) {
        self.reason = reason
        self.ticketIDs = ticketIDs
        self.amountCents = amountCents
        self.overridesPolicy = overridesPolicy
    }

    public static var example: RefundDraft {
        RefundDraft(reason: "The artist is ill.", ticketIDs: [.example], amountCents: 2500, overridesPolicy: false)
    }
}
