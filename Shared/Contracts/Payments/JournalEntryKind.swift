/// What a journal entry records.
public enum JournalEntryKind: String, Codable, Sendable, CaseIterable {
    case chargeCaptured = "charge_captured"
    case refund
    case correction

    public static var example: JournalEntryKind { .chargeCaptured }
}
