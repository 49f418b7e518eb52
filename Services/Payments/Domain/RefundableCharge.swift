import Contracts

/// A captured charge as far as giving its money back goes: what it took, what went back, and what is on its way.
struct RefundableCharge: Sendable, Equatable {
    let id: ChargeID
    let organizationID: OrganizationID
    let orderID: OrderID
    /// What was captured, in minor units of `currency`.
    let amountCents: Int
    let currency: Currency
    let provider: String
    /// The platform's fee, as the capture was booked; never more than the amount.
    let feeCents: Int
    /// What went back.
    let refundedCents: Int
    /// What refunds under way will give back.
    private(set) var refundingCents: Int
    /// Of all that went back or is on its way: the amount of those refunds that return the fee.
    private(set) var amountReturningFeeCents: Int
    /// What they return of the fee.
    private(set) var returnedFeeCents: Int

    /// What can still be given back.
    var leftCents: Int { amountCents - refundedCents - refundingCents }

    /// Decides about a new refund, and counts it as under way if it is accepted.
    /// - Returns: the refund as it begins: initiated, or failed when this charge cannot give what it asks for. Another
    ///   order, organisation or currency means another charge.
    mutating func decide(_ order: RefundRecord, fees: RefundFees) -> RefundRecord {
        guard
            order.chargeID == id, order.organizationID == organizationID, order.orderID == orderID,
            order.currency == currency
        else { return order.refusedAsUnknownCharge }
        var refund = order
        refund.provider = provider
        guard order.amountCents <= leftCents else {
            return refund.refused(
                .exceedsCharge, detail: "Of the charge, \(leftCents) minor units are left, not \(order.amountCents).")
        }
        refundingCents += order.amountCents
        let returnedCents: Int? =
            switch (order.purpose, fees) {
            case (.uselessCapture, _): min(order.amountCents, feeCents - returnedFeeCents)
            case (.order, .returned): proportionalFeeCents(of: order.amountCents)
            case (.order, .kept): nil
            }
        if let returnedCents {
            amountReturningFeeCents += order.amountCents
            returnedFeeCents += returnedCents
        }
        refund.returnedFeeCents = returnedCents
        return refund
    }

    /// The part of the fee that returning `cents` more brings: what is due on all that goes back, rounded half up, less
    /// what was returned before. So the parts sum to the whole fee when the whole charge goes back, in any number of
    /// steps and whichever of them failed on the way.
    private func proportionalFeeCents(of cents: Int) -> Int {
        let total = amountReturningFeeCents + cents
        let (quotient, remainder) = amountCents.dividingFullWidth(feeCents.multipliedFullWidth(by: total))
        let due = quotient + (remainder >= amountCents - remainder ? 1 : 0)
        // Refunds that failed leave their rounding behind: a part that is too small to make up for it leaves the rest to
        // those that follow.
        return min(max(due - returnedFeeCents, 0), cents)
    }
}

extension RefundRecord {
    /// This refund when no captured charge matches it.
    var refusedAsUnknownCharge: RefundRecord {
        refused(.unknownCharge, detail: "There is no captured charge of this id for this order and currency.")
    }
}
