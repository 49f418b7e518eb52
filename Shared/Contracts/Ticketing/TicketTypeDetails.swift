/// A ticket type as readers see it.
public struct TicketTypeDetails: Codable, Sendable, Equatable {
    public var id: TicketTypeID
    public var organizationID: OrganizationID
    public var eventID: EventID
    public var name: String
    public var description: String?
    public var tier: TicketTier
    public var priceCents: Int
    public var currency: Currency
    /// Per occurrence.
    public var quantityAvailable: Int?
    /// Live tickets over all occurrences.
    public var quantitySold: Int
    public var validFrom: Timestamp?
    public var validUntil: Timestamp?
    public var minQuantity: Int
    public var maxQuantity: Int
    public var status: TicketTypeStatus
    public var settings: JSONValue
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case id, name, description, tier, currency, status, settings, version
        case organizationID = "organization_id"
        case eventID = "event_id"
        case priceCents = "price_cents"
        case quantityAvailable = "quantity_available"
        case quantitySold = "quantity_sold"
        case validFrom = "valid_from"
        case validUntil = "valid_until"
        case minQuantity = "min_quantity"
        case maxQuantity = "max_quantity"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: TicketTypeID, organizationID: OrganizationID, eventID: EventID, name: String, description: String? = nil,
        tier: TicketTier, priceCents: Int, currency: Currency, quantityAvailable: Int? = nil, quantitySold: Int,
        validFrom: Timestamp? = nil, validUntil: Timestamp? = nil, minQuantity: Int, maxQuantity: Int,
        status: TicketTypeStatus, settings: JSONValue, createdAt: Timestamp, updatedAt: Timestamp, version: Int
    ) {
        self.id = id
        self.organizationID = organizationID
        self.eventID = eventID
        self.name = name
        self.description = description
        self.tier = tier
        self.priceCents = priceCents
        self.currency = currency
        self.quantityAvailable = quantityAvailable
        self.quantitySold = quantitySold
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.minQuantity = minQuantity
        self.maxQuantity = maxQuantity
        self.status = status
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public static var example: TicketTypeDetails {
        TicketTypeDetails(
            id: .example, organizationID: .example, eventID: .example, name: "General Admission",
            description: "Standing", tier: .example, priceCents: 2500, currency: .example, quantityAvailable: 200,
            quantitySold: 2, validFrom: .example, validUntil: .example, minQuantity: 1, maxQuantity: 10,
            status: .example, settings: .object([:]), createdAt: .example, updatedAt: .example, version: 1
        )
    }
}
