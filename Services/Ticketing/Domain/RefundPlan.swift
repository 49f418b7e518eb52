import Contracts

/// A refund that may be granted: how much it gives back and which tickets it takes back.
struct RefundPlan: Sendable, Equatable {
    static let reasonLength = 1...500

    /// Never more than is left of the payment; 0 for tickets of which nothing is left to pay back.
    let amountCents: Int
    /// In the order of their positions; empty when the tickets stay valid.
    let ticketIDs: [TicketID]

    /// The plan for a draft: some tickets, an amount, or everything that is left.
    ///
    /// An amount keeps the tickets valid, unless it is all that is left: then it takes all tickets that are left. A refund
    /// of tickets gives back what was paid for them, or the rest of the payment where that is less.
    ///
    /// - Parameter order: nil when the organisation has no such order.
    static func make(
        for draft: RefundDraft, of order: RefundableOrder?, cause: RefundCause, terms: RefundTerms?, now: Timestamp
    ) throws(RefundRejection) -> RefundPlan {
        try check(draft)
        guard let order, let terms else { throw RefundRejection(.unknownOrder, "There is no such order.") }
        try check(draft.ticketIDs ?? [], areOf: order)
        switch order.status {
        case .completed, .partiallyRefunded, .refunded: break
        case .reserved, .expired, .canceled:
            throw RefundRejection(.notCompleted, "Only a completed order can be refunded; this one is not.")
        }
        let plan = try plan(for: draft, of: order)
        let isPolicyAsked = cause == .requested && !terms.isCanceled && draft.overridesPolicy != true
        if isPolicyAsked, let objection = terms.policy.objection(startAt: terms.startAt, at: now) {
            throw RefundRejection(.policy, "\(objection) An organiser can override it.")
        }
        return plan
    }

    /// Divides an amount over tickets in the proportion of their prices, cent by cent and always in the same way. No
    /// share is more than the price; together they are the amount, or the prices where the amount is more.
    static func shares(of amountCents: Int, over prices: [Int]) -> [Int] {
        let total = prices.reduce(0, +)
        guard amountCents < total else { return prices }
        // In full width: a hundred of the dearest tickets, multiplied, are more than an integer can hold.
        var shares = prices.map { total.dividingFullWidth(amountCents.multipliedFullWidth(by: $0)).quotient }
        var rest = amountCents - shares.reduce(0, +)
        for index in shares.indices where rest > 0 && shares[index] < prices[index] {
            shares[index] += 1
            rest -= 1
        }
        return shares
    }

    private static func plan(
        for draft: RefundDraft, of order: RefundableOrder
    ) throws(RefundRejection) -> RefundPlan {
        if let ticketIDs = draft.ticketIDs {
            let asked = order.tickets.filter { ticketIDs.contains($0.id) }
            guard asked.allSatisfy(\.isLeft) else {
                throw RefundRejection(
                    .alreadyRefunded, "Some of these tickets are refunded already, or are being refunded.")
            }
            return RefundPlan(
                amountCents: min(asked.reduce(0) { $0 + $1.priceCents }, order.leftCents), ticketIDs: asked.map(\.id))
        }
        let rest = RefundPlan(amountCents: order.leftCents, ticketIDs: order.leftTickets.map(\.id))
        if let amountCents = draft.amountCents {
            guard order.leftCents > 0 || order.totalCents == 0 else { throw nothingLeft }
            guard amountCents <= order.leftCents else {
                throw RefundRejection(
                    .exceedsPayment, "Only \(order.leftCents) of the \(order.totalCents) cents are left to refund.")
            }
            return amountCents == order.leftCents ? rest : RefundPlan(amountCents: amountCents, ticketIDs: [])
        }
        guard rest.amountCents > 0 || !rest.ticketIDs.isEmpty else { throw nothingLeft }
        return rest
    }

    private static var nothingLeft: RefundRejection {
        RefundRejection(.alreadyRefunded, "Nothing of this order is left to refund.")
    }

    /// What is wrong with the draft whatever the order.
    private static func check(_ draft: RefundDraft) throws(RefundRejection) {
        var checks = FieldChecks()
        checks.text(draft.reason, "reason", length: reasonLength, allowsLineBreaks: true)
        if let ticketIDs = draft.ticketIDs {
            checks.require(!ticketIDs.isEmpty, "ticket_ids", "must name at least one ticket")
            checks.require(Set(ticketIDs).count == ticketIDs.count, "ticket_ids", "must name each ticket once")
            checks.require(draft.amountCents == nil, "ticket_ids", "cannot be given together with amount_cents")
        }
        if let amountCents = draft.amountCents {
            checks.require(amountCents > 0, "amount_cents", "must be more than 0")
        }
        guard checks.errors.isEmpty else { throw RefundRejection(invalid: checks.errors) }
    }

    private static func check(_ ticketIDs: [TicketID], areOf order: RefundableOrder) throws(RefundRejection) {
        guard Set(ticketIDs).isSubset(of: order.tickets.map(\.id)) else {
            throw RefundRejection(
                invalid: [Problem.FieldError(field: "ticket_ids", message: "must all be tickets of this order")])
        }
    }
}
