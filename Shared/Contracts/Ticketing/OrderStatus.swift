/// The life of an order: reserved while its hold lasts, completed once paid.
public enum OrderStatus: String, Codable, Sendable, CaseIterable {
    case reserved
    case completed
    case expired
    case canceled
    case partiallyRefunded = "partially_refunded"
    case refunded

    public static var example: OrderStatus { .reserved }
}
