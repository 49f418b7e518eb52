import Contracts

/// Whether what a buyer asks for is for sale, as far as an answer about availability can tell: only the hold itself takes
/// places.
enum SaleCheck {
    /// Why the draft cannot be sold, however many places are left; nil when it can.
    static func refusal(of draft: CheckoutDraft, given availability: Availability, at now: Timestamp) -> Problem? {
        let types = Dictionary(availability.ticketTypes.map { ($0.id, $0) }) { first, _ in first }
        var errors: [Problem.FieldError] = []
        for (index, item) in draft.items.enumerated() {
            guard let type = types[item.ticketTypeID] else {
                errors.append(.init(field: "items[\(index)].ticket_type_id", message: "must be one of this event's"))
                continue
            }
            let quantity = quantity(of: item.ticketTypeID, in: draft)
            guard type.minQuantity <= quantity, quantity <= type.maxQuantity else {
                errors.append(
                    .init(
                        field: "items[\(index)].quantity",
                        message: "must be from \(type.minQuantity) to \(type.maxQuantity) for this ticket type"))
                continue
            }
        }
        guard errors.isEmpty else { return .validation(errors) }
        if availability.eventStatus != .active { return Problem(.salesClosed, "The event is not on sale.") }
        switch availability.occurrenceStatus {
        case .scheduled, .confirmed, .inProgress: break
        case .completed: return Problem(.salesClosed, "The occurrence is over.")
        case .canceled: return Problem(.salesClosed, "The occurrence is canceled.")
        }
        for item in draft.items {
            if let type = types[item.ticketTypeID], let reason = closing(of: type, at: now) { return reason }
        }
        return nil
    }

    /// The answer to a draft that wants more places than are left; nil when there are enough, or when nobody counts them.
    /// Places that are held and not yet paid are not left.
    static func shortage(for draft: CheckoutDraft, given availability: Availability) -> Problem? {
        let wanted = draft.items.reduce(0) { $0 + $1.quantity }
        let isShort =
            availability.available.map { $0 < wanted } ?? false
            || availability.ticketTypes.contains { type in
                type.available.map { $0 < quantity(of: type.id, in: draft) } ?? false
            }
        return isShort ? Problem(.soldOut, "There are not enough places left; nothing was held.") : nil
    }

    /// One ticket type may stand in several items: its limits hold for their sum.
    private static func quantity(of ticketTypeID: TicketTypeID, in draft: CheckoutDraft) -> Int {
        draft.items.reduce(0) { $1.ticketTypeID == ticketTypeID ? $0 + $1.quantity : $0 }
    }

    private static func closing(of type: TicketTypeAvailability, at now: Timestamp) -> Problem? {
        switch type.status {
        case .disabled: return Problem(.salesClosed, "\(type.name) is not on sale.")
        case .expired: return Problem(.salesClosed, "The sale of \(type.name) has ended.")
        case .active, .soldOut: break
        }
        if let opens = type.validFrom, now < opens {
            return Problem(.salesClosed, "The sale of \(type.name) opens at \(opens).")
        }
        if let closes = type.validUntil, closes <= now {
            return Problem(.salesClosed, "The sale of \(type.name) has ended.")
        }
        return nil
    }
}
