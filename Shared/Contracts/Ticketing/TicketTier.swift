/// A ticket type's tier (seed B, TicketType.tier).
public enum TicketTier: String, Codable, Sendable, CaseIterable {
    case general
    case vip
    case earlyBird = "early_bird"
    case group
    case child
    case senior
    case student
    case member

    public static var example: TicketTier { .general }
}
