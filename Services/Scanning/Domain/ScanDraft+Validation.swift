import Contracts

extension ScanDraft {
    /// How far a scanner's clock may run ahead of ours.
    static let toleratedClockLead = Duration.seconds(300)

    /// Why the draft cannot be decided at all; nil when it can.
    func problem(at now: Timestamp) -> Problem? {
        guard let scannedAt, scannedAt > now + Self.toleratedClockLead else { return nil }
        return .validation("scanned_at", "must not be more than 5 minutes in the future")
    }
}
