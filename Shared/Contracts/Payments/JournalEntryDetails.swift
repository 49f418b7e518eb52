/// One immutable journal entry with its lines.
public struct JournalEntryDetails: Codable, Sendable, Equatable {
    public var id: JournalEntryID
    public var organizationID: OrganizationID
    public var orderID: OrderID?
    public var chargeID: ChargeID?
    public var refundID: RefundID?
    public var kind: JournalEntryKind
    public var description: String
    public var lines: [JournalLine]
    public var recordedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, kind, description, lines
        case organizationID = "organization_id"
        case orderID = "order_id"
        case chargeID = "charge_id"
        case refundID = "refund_id"
        case recordedAt = "recorded_at"
    }

    public init(
        id: JournalEntryID, organizationID: OrganizationID, orderID: OrderID? = nil, chargeID: ChargeID? = nil,
        refundID: RefundID? = nil, kind: JournalEntryKind, description: String, lines: [JournalLine],
        recordedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.orderID = orderID
        self.chargeID = chargeID
        self.refundID = refundID
        self.kind = kind
        self.description = description
        self.lines = lines
        self.recordedAt = recordedAt
    }

    public static var example: JournalEntryDetails {
        JournalEntryDetails(
            id: .example, organizationID: .example, orderID: .example, chargeID: .example, refundID: .example,
            kind: .example, description: "Charge captured", lines: [.example], recordedAt: .example
        )
    }
}
