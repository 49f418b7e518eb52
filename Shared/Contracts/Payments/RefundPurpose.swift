/// Why money goes back: what becomes of the platform's fee depends on it.
public enum RefundPurpose: String, Codable, Sendable, CaseIterable {
    /// Tickets or a part of their price, by the organiser's will.
    case order
    /// Money that bought nothing: it came too late, or twice. The whole of it goes back, and so does the fee.
    case uselessCapture = "useless_capture"

    public static var example: RefundPurpose { .order }
}
