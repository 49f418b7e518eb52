import Contracts

extension TicketTypeStatus {
    /// What a ticket type's status is by its terms, the clock and the stock. `disabled` is the organiser's choice and
    /// stays.
    static func derived(
        isDisabled: Bool, validUntil: Timestamp?, isSoldOut: Bool, at now: Timestamp
    ) -> TicketTypeStatus {
        if isDisabled { return .disabled }
        if let validUntil, now >= validUntil { return .expired }
        return isSoldOut ? .soldOut : .active
    }
}
