import Contracts

/// Why a hold is not granted, in words for the buyer.
struct HoldRejection: Error, Sendable, Equatable {
    let reason: HoldRefusal
    let detail: String

    init(_ reason: HoldRefusal, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// Too few are left.
    init(_ shortage: InventoryShortage, ticketTypeName: String?) {
        let kind = ticketTypeName.map { " \"\($0)\"" } ?? ""
        let noun = ticketTypeName == nil ? (one: "place", many: "places") : (one: "ticket", many: "tickets")
        switch shortage.available {
        case 0: self.init(.soldOut, "No \(noun.many)\(kind) are left.")
        case 1: self.init(.soldOut, "Only 1 \(noun.one)\(kind) is left.")
        default: self.init(.soldOut, "Only \(shortage.available) \(noun.many)\(kind) are left.")
        }
    }
}
