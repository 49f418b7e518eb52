/// How far the cancellation of an occurrence is.
public enum CancellationState: String, Codable, Sendable, CaseIterable {
    /// Sales have stopped; orders are being refunded.
    case refunding
    /// Every order is refunded.
    case completed
    /// Every order was tried, and some refunds failed: an operator sees an incident.
    case incomplete

    public static var example: CancellationState { .refunding }
}
