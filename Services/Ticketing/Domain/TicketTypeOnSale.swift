import Contracts

/// What decides whether a ticket type may be held, and at which price.
struct TicketTypeOnSale: Sendable, Equatable {
    let id: TicketTypeID
    let name: String
    let priceCents: Int
    let currency: Currency
    let isDisabled: Bool
    let validFrom: Timestamp?
    let validUntil: Timestamp?
    let minQuantity: Int
    let maxQuantity: Int

    /// Why it does not sell now; nil when it does. Stock is not looked at.
    func closure(at now: Timestamp) -> String? {
        if isDisabled { return "\"\(name)\" is not on sale." }
        if let validFrom, now < validFrom { return "\"\(name)\" is on sale from \(validFrom)." }
        if let validUntil, now >= validUntil { return "\"\(name)\" was on sale until \(validUntil)." }
        return nil
    }
}
