import Contracts

/// What keeps Payments from handling a message or a notification. None of these is a refusal: those are events.
enum PaymentsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No charge has this id, or it is another provider's.
    case unknownCharge(ChargeID)
    /// A second command names the id of another charge. Nothing can be answered without speaking for the first.
    case chargeIDReused(ChargeID)
    /// No refund has this id, or it is another provider's.
    case unknownRefund(RefundID)
    /// A second command names the id of another refund. Nothing can be answered without speaking for the first.
    case refundIDReused(RefundID)
    /// A row changed between reading and writing it; trying again finds the new one.
    case concurrentChange(table: String)
    /// A stored value is none that this version knows.
    case unreadableValue(table: String, column: String)
    /// A ledger account that was just made sure of is missing.
    case missingAccount(LedgerAccountKind)

    var description: String {
        switch self {
        case .unknownCharge(let id): "there is no charge \(id)"
        case .chargeIDReused(let id): "the id \(id) belongs to a charge with another content"
        case .unknownRefund(let id): "there is no refund \(id)"
        case .refundIDReused(let id): "the id \(id) belongs to a refund with another content"
        case .concurrentChange(let table): "a row of \(table) changed meanwhile"
        case .unreadableValue(let table, let column): "\(table).\(column) has a value this version does not know"
        case .missingAccount(let kind): "the ledger account \(kind.rawValue) is missing"
        }
    }
}
