import Contracts

@testable import Payments

extension RefundRecord {
    /// A refund of 40.00 in a state, as the database would hold it.
    static func sample(
        _ status: RefundStatus = .initiated, amountCents: Int = 4_000, purpose: RefundPurpose = .order,
        returnedFeeCents: Int? = nil
    ) -> RefundRecord {
        var refund = RefundRecord(
            id: .example, organizationID: .example, chargeID: .example, checkoutID: .example, orderID: .example,
            correlationID: nil, amountCents: amountCents, currency: .zar, purpose: purpose, provider: "sandbox",
            returnedFeeCents: returnedFeeCents, status: status)
        switch status {
        case .initiated, .pending:
            break
        case .succeeded:
            refund.providerReference = "sbx_re_1"
            refund.refundedAt = .example
        case .failed:
            refund.failureReason = .providerRefused
            refund.failureDetail = "The card is closed."
        }
        return refund
    }
}

extension RefundVerdict {
    static var sampleRefund: RefundVerdict { .refunded(reference: "sbx_re_1", at: .example) }
    static var sampleRefusal: RefundVerdict { .refused(detail: "The card is closed.") }
}
