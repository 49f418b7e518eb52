/// Whether a ticket type sells. `sold_out` and `expired` follow from stock and time; `disabled` is the organiser's
/// choice.
public enum TicketTypeStatus: String, Codable, Sendable, CaseIterable {
    case active
    case soldOut = "sold_out"
    case expired
    case disabled

    public static var example: TicketTypeStatus { .active }
}
