import Contracts
import Foundation

/// A refund as Payments keeps it (seed A, 5.2). It begins when the command arrives, refused at once or accepted, and ends
/// with the provider's last word.
struct RefundRecord: Sendable, Equatable {
    let id: RefundID
    let organizationID: OrganizationID
    /// The charge whose money goes back.
    let chargeID: ChargeID
    let checkoutID: CheckoutID
    let orderID: OrderID
    /// The saga that ordered the refund; its outcome goes back under the same correlation.
    let correlationID: UUID?
    /// Minor units of `currency`, more than zero.
    let amountCents: Int
    let currency: Currency
    let purpose: RefundPurpose
    /// The charge's provider; nil when there is no such charge.
    var provider: String?
    /// What of the platform's fee this refund returns, in minor units; nil when the platform keeps it.
    var returnedFeeCents: Int?
    var status: RefundStatus
    var providerReference: String?
    var failureReason: RefundFailure?
    var failureDetail: String?
    var anomaly: RefundAnomaly?
    /// When the provider gave the money back.
    var refundedAt: Timestamp?

    /// Whether the last word is known.
    var hasEnded: Bool {
        switch status {
        case .initiated, .pending: false
        case .succeeded, .failed: true
        }
    }

    /// What this refund has on its way out of its charge.
    var refundingCents: Int { hasEnded ? 0 : amountCents }

    /// What this refund took out of its charge.
    var refundedCents: Int { status == .succeeded ? amountCents : 0 }

    /// The event that says how the refund ended; nil while it has not.
    var outcome: (any Event)? {
        switch status {
        case .initiated, .pending:
            return nil
        case .succeeded:
            guard let provider, let providerReference, let refundedAt else { return nil }
            return RefundSucceeded(
                refundID: id, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: amountCents,
                currency: currency, provider: provider, providerReference: providerReference, refundedAt: refundedAt)
        case .failed:
            guard let failureReason else { return nil }
            return RefundFailed(
                refundID: id, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, reason: failureReason,
                detail: failureDetail ?? "")
        }
    }

    /// Whether `other` orders the same money back for the same reason.
    func isSameOrder(as other: RefundRecord) -> Bool {
        id == other.id && organizationID == other.organizationID && chargeID == other.chargeID
            && checkoutID == other.checkoutID && orderID == other.orderID && amountCents == other.amountCents
            && currency == other.currency && purpose == other.purpose
    }

    /// This refund as one that never begins.
    func refused(_ reason: RefundFailure, detail: String) -> RefundRecord {
        var refund = self
        refund.status = .failed
        refund.failureReason = reason
        refund.failureDetail = detail
        return refund
    }
}

extension RefundRecord {
    /// A new refund, as the command orders it, before anybody has looked at its charge.
    init(_ command: Refund, organizationID: OrganizationID, correlationID: UUID?) {
        self.init(
            id: command.refundID, organizationID: organizationID, chargeID: command.chargeID,
            checkoutID: command.checkoutID, orderID: command.orderID, correlationID: correlationID,
            amountCents: command.amountCents, currency: command.currency, purpose: command.purpose, status: .initiated)
    }
}
