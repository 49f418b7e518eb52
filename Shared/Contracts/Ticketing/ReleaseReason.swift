/// Why a hold ends without a sale.
public enum ReleaseReason: String, Codable, Sendable, CaseIterable {
    case canceled
    case expired
    case paymentFailed = "payment_failed"

    public static var example: ReleaseReason { .canceled }
}
