/// The states of a checkout (API, "Checkout states").
public enum CheckoutState: String, Codable, Sendable, CaseIterable {
    case holding
    case awaitingPayment = "awaiting_payment"
    case paying
    case confirming
    case completed
    case soldOut = "sold_out"
    case canceled
    case expired
    case refunding
    case refunded

    public static var example: CheckoutState { .holding }

    /// Whether nothing more happens by itself: where `Prefer: wait` stops waiting.
    public var isSettled: Bool {
        switch self {
        case .awaitingPayment, .completed, .soldOut, .canceled, .expired, .refunded: true
        case .holding, .paying, .confirming, .refunding: false
        }
    }

    /// Whether the checkout has ended for good.
    public var isFinal: Bool {
        switch self {
        case .completed, .soldOut, .canceled, .expired, .refunded: true
        case .holding, .awaitingPayment, .paying, .confirming, .refunding: false
        }
    }
}
