/// Why a hold was refused.
public enum HoldRefusal: String, Codable, Sendable, CaseIterable {
    /// Fewer places are left than were asked for.
    case soldOut = "sold_out"
    /// The event, the occurrence or a ticket type does not sell now.
    case salesClosed = "sales_closed"
    /// A ticket type is not of this event, or a quantity is outside its limits.
    case invalidItems = "invalid_items"
    /// The organisation has no such occurrence.
    case notFound = "not_found"

    public static var example: HoldRefusal { .soldOut }
}
