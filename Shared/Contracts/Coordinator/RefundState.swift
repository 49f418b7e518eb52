/// The states of a refund (design, section 6).
public enum RefundState: String, Codable, Sendable, CaseIterable {
    /// Ticketing is asked whether these tickets can be refunded.
    case requested
    /// The tickets no longer admit; the provider is asked to give the money back.
    case refunding
    /// The provider has the order and has not decided.
    case pending
    /// The money is on its way to the buyer; the places are being given back.
    case completing
    case completed
    /// Ticketing refused it: nothing has changed.
    case refused
    /// The provider refused it: the tickets admit again.
    case failed

    public static var example: RefundState { .requested }

    /// Whether the refund has ended for good.
    public var isFinal: Bool {
        switch self {
        case .completed, .refused, .failed: true
        case .requested, .refunding, .pending, .completing: false
        }
    }
}
