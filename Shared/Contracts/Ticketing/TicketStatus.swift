/// The life of a ticket (design, section 8).
public enum TicketStatus: String, Codable, Sendable, CaseIterable {
    case reserved
    case confirmed
    case checkedIn = "checked_in"
    case expired
    case canceled
    case refunded
    case voided
    case transferred

    public static var example: TicketStatus { .reserved }

    /// Whether the ticket occupies a place: these never exceed capacity (invariant 1).
    public var isLive: Bool {
        switch self {
        case .reserved, .confirmed, .checkedIn: true
        case .expired, .canceled, .refunded, .voided, .transferred: false
        }
    }
}
