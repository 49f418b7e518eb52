/// One side of a journal entry.
public struct JournalLine: Codable, Sendable, Equatable {
    public var accountID: LedgerAccountID
    public var kind: LedgerAccountKind
    /// Positive debits, negative credits; the lines of an entry sum to zero per currency.
    public var amountCents: Int
    public var currency: Currency

    enum CodingKeys: String, CodingKey {
        case kind, currency
        case accountID = "account_id"
        case amountCents = "amount_cents"
    }

    public init(accountID: LedgerAccountID, kind: LedgerAccountKind, amountCents: Int, currency: Currency) {
        self.accountID = accountID
        self.kind = kind
        self.amountCents = amountCents
        self.currency = currency
    }

    public static var example: JournalLine {
        JournalLine(accountID: .example, kind: .example, amountCents: 5000, currency: .example)
    }
}
