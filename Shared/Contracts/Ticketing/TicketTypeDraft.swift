/// What an organiser says of a ticket type (seed B, TicketType).
public struct TicketTypeDraft: Codable, Sendable, Equatable {
    public var name: String
    public var description: String?
    /// Default `general`.
    public var tier: TicketTier?
    /// Minor units, 0 or more.
    public var priceCents: Int
    /// Default USD.
    public var currency: Currency?
    /// Per occurrence; absent for unlimited.
    public var quantityAvailable: Int?
    /// Sales open.
    public var validFrom: Timestamp?
    /// Sales close; after `valid_from`.
    public var validUntil: Timestamp?
    /// Fewest per order, default 1.
    public var minQuantity: Int?
    /// Most per order, default 10.
    public var maxQuantity: Int?
    public var settings: JSONValue?

    enum CodingKeys: String, CodingKey {
        case name, description, tier, currency, settings
        case priceCents = "price_cents"
        case quantityAvailable = "quantity_available"
        case validFrom = "valid_from"
        case validUntil = "valid_until"
        case minQuantity = "min_quantity"
        case maxQuantity = "max_quantity"
    }

    public init(
        name: String, description: String? = nil, tier: TicketTier? = nil, priceCents: Int, currency: Currency? = nil,
        quantityAvailable: Int? = nil, validFrom: Timestamp? = nil, validUntil: Timestamp? = nil,
        minQuantity: Int? = nil, maxQuantity: Int? = nil, settings: JSONValue? = nil
    ) {
        self.name = name
        self.description = description
        self.tier = tier
        self.priceCents = priceCents
        self.currency = currency
        self.quantityAvailable = quantityAvailable
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.minQuantity = minQuantity
        self.maxQuantity = maxQuantity
        self.settings = settings
    }

    public static var example: TicketTypeDraft {
        TicketTypeDraft(
            name: "General Admission", description: "Standing", tier: .example, priceCents: 2500, currency: .example,
            quantityAvailable: 200, validFrom: .example, validUntil: Timestamp.example + .seconds(86_400),
            minQuantity: 1, maxQuantity: 10, settings: .object([:])
        )
    }
}
