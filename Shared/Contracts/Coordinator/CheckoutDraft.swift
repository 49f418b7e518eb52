/// What a buyer asks for (API, `POST /v1/checkouts`).
public struct CheckoutDraft: Codable, Sendable, Equatable {
    public var occurrenceID: OccurrenceID
    public var items: [OrderItem]
    public var buyer: Buyer
    public var attendees: [AttendeeDraft]?
    /// Pay as soon as the tickets are held.
    public var payment: PaymentInstrument?

    enum CodingKeys: String, CodingKey {
        case items, buyer, attendees, payment
        case occurrenceID = "occurrence_id"
    }

    public init(
        occurrenceID: OccurrenceID, items: [OrderItem], buyer: Buyer, attendees: [AttendeeDraft]? = nil,
        payment: PaymentInstrument? = nil
    ) {
        self.occurrenceID = occurrenceID
        self.items = items
        self.buyer = buyer
        self.attendees = attendees
        self.payment = payment
    }

    public static var example: CheckoutDraft {
        CheckoutDraft(
            occurrenceID: .example, items: [.example], buyer: .example, attendees: [.example], payment: .example
        )
    }
}
