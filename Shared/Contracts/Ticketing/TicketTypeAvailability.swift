/// What is left of one ticket type at one occurrence.
public struct TicketTypeAvailability: Codable, Sendable, Equatable {
    public var id: TicketTypeID
    public var name: String
    public var priceCents: Int
    public var currency: Currency
    public var status: TicketTypeStatus
    /// Absent for unlimited.
    public var available: Int?
    public var minQuantity: Int
    public var maxQuantity: Int
    public var validFrom: Timestamp?
    public var validUntil: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, name, currency, status, available
        case priceCents = "price_cents"
        case minQuantity = "min_quantity"
        case maxQuantity = "max_quantity"
        case validFrom = "valid_from"
        case validUntil = "valid_until"
    }

    public init(
        id: TicketTypeID, name: String, priceCents: Int, currency: Currency, status: TicketTypeStatus,
        available: Int? = nil, minQuantity: Int, maxQuantity: Int, validFrom: Timestamp? = nil,
        validUntil: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.priceCents = priceCents
        self.currency = currency
        self.status = status
        self.available = available
        self.minQuantity = minQuantity
        self.maxQuantity = maxQuantity
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    public static var example: TicketTypeAvailability {
        TicketTypeAvailability(
            id: .example, name: "General Admission", priceCents: 2500, currency: .example, status: .example,
            available: 198, minQuantity: 1, maxQuantity: 10, validFrom: .example, validUntil: .example
        )
    }
}
