/// What a journal entry records.
public enum JournalEntryKind: String, Codable, Sendable, CaseIterable {
    case chargeCaptured = "charge_captured"
    /// Money that is owed back to a buyer.
    case refundAccepted = "refund_accepted"
    /// Money that is back with a buyer.
    case refund
    case correction

    public static var example: JournalEntryKind { .chargeCaptured }
}
