/// Why held tickets were not confirmed.
public enum ConfirmRefusal: String, Codable, Sendable, CaseIterable {
    /// The hold had been released before the payment arrived.
    case holdReleased = "hold_released"
    case occurrenceCanceled = "occurrence_canceled"
    case unknownHold = "unknown_hold"
    /// What was paid is not what the order costs.
    case amountMismatch = "amount_mismatch"

    public static var example: ConfirmRefusal { .holdReleased }
}
