import Contracts

/// What makes a ledger account the only one of its kind.
struct LedgerAccountKey: Hashable, Comparable {
    let organizationID: OrganizationID
    let kind: LedgerAccountKind
    let currency: Currency

    /// The accounts that an entry touches.
    static func keys(of draft: JournalEntryDraft) -> [LedgerAccountKey] {
        draft.lines.map {
            LedgerAccountKey(organizationID: draft.organizationID, kind: $0.account, currency: $0.currency)
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.organizationID, left.kind.rawValue, left.currency.rawValue)
            < (right.organizationID, right.kind.rawValue, right.currency.rawValue)
    }
}
