/// Why a refund failed.
public enum RefundFailure: String, Codable, Sendable, CaseIterable {
    /// The provider does not give this money back.
    case providerRefused = "provider_refused"
    /// More than is left of the charge.
    case exceedsCharge = "exceeds_charge"
    /// There is no captured charge of this id for this order.
    case unknownCharge = "unknown_charge"

    public static var example: RefundFailure { .providerRefused }
}
