import Contracts

extension RefundDraft {
    static let reasonLength = 1...500
    /// An order has at most so many tickets: 100 items of 100 each.
    static let ticketCount = 1...10_000

    /// What is wrong with the draft beyond what its schema says, field by field.
    var fieldErrors: [Problem.FieldError] {
        guard ticketIDs != nil, amountCents != nil else { return [] }
        return [.init(field: "ticket_ids", message: "must not be given together with amount_cents")]
    }
}
