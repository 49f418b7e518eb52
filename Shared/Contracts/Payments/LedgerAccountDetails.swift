/// A ledger account with its balance.
public struct LedgerAccountDetails: Codable, Sendable, Equatable {
    public var id: LedgerAccountID
    public var organizationID: OrganizationID
    public var kind: LedgerAccountKind
    public var currency: Currency
    /// Debits minus credits: positive for a debit balance.
    public var balanceCents: Int
    public var createdAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, kind, currency
        case organizationID = "organization_id"
        case balanceCents = "balance_cents"
        case createdAt = "created_at"
    }

    public init(
        id: LedgerAccountID, organizationID: OrganizationID, kind: LedgerAccountKind, currency: Currency,
        balanceCents: Int, createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.kind = kind
        self.currency = currency
        self.balanceCents = balanceCents
        self.createdAt = createdAt
    }

    public static var example: LedgerAccountDetails {
        LedgerAccountDetails(
            id: .example, organizationID: .example, kind: .example, currency: .example, balanceCents: 5000,
            createdAt: .example
        )
    }
}
