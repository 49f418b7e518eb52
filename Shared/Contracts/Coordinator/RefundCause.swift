/// What made a refund necessary.
public enum RefundCause: String, Codable, Sendable, CaseIterable {
    /// The organiser asked for it.
    case requested
    /// The occurrence was canceled.
    case occurrenceCanceled = "occurrence_canceled"

    public static var example: RefundCause { .requested }
}
