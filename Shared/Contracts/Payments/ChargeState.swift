/// The life of a charge (seed A, Transaction.status).
public enum ChargeState: String, Codable, Sendable, CaseIterable {
    case initiated
    case pending
    case succeeded
    case failed

    public static var example: ChargeState { .initiated }
}
