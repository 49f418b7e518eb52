import Contracts
import Foundation

/// A charge as Payments keeps it: seed A's Transaction (5.1). It begins when the command arrives and ends with the
/// provider's last word.
struct ChargeRecord: Sendable, Equatable {
    let id: ChargeID
    let organizationID: OrganizationID
    let checkoutID: CheckoutID
    let orderID: OrderID
    /// The saga that ordered the charge; its outcome goes back under the same correlation.
    let correlationID: UUID?
    /// Minor units of `currency`, more than zero.
    let amountCents: Int
    let currency: Currency
    let provider: String
    /// The provider's one-time token; nil as soon as the charge has ended.
    var token: String?
    let holdExpiresAt: Timestamp
    var status: ChargeState
    var providerReference: String?
    var failureReason: ChargeFailure?
    var failureDetail: String?
    var anomaly: ChargeAnomaly?
    /// When the provider took the money.
    var capturedAt: Timestamp?

    /// Whether the provider's last word is known.
    var hasEnded: Bool {
        switch status {
        case .initiated, .pending: false
        case .succeeded, .failed: true
        }
    }

    /// The event that says how the charge ended; nil while it has not.
    var outcome: (any Event)? {
        switch status {
        case .initiated, .pending:
            return nil
        case .succeeded:
            guard let providerReference, let capturedAt else { return nil }
            return ChargeSucceeded(
                chargeID: id, checkoutID: checkoutID, orderID: orderID, amountCents: amountCents, currency: currency,
                provider: provider, providerReference: providerReference, capturedAt: capturedAt)
        case .failed:
            guard let failureReason else { return nil }
            return ChargeFailed(
                chargeID: id, checkoutID: checkoutID, orderID: orderID, reason: failureReason,
                detail: failureDetail ?? "")
        }
    }

    /// Whether `other` orders the same money for the same thing. The token is left out: it is gone once a charge has
    /// ended.
    func isSameOrder(as other: ChargeRecord) -> Bool {
        id == other.id && organizationID == other.organizationID && checkoutID == other.checkoutID
            && orderID == other.orderID && amountCents == other.amountCents && currency == other.currency
            && provider == other.provider
    }
}

extension ChargeRecord {
    /// A new charge, as the command orders it.
    init(_ command: Charge, organizationID: OrganizationID, correlationID: UUID?) {
        self.init(
            id: command.chargeID, organizationID: organizationID, checkoutID: command.checkoutID,
            orderID: command.orderID, correlationID: correlationID, amountCents: command.amountCents,
            currency: command.currency, provider: command.instrument.provider, token: command.instrument.token,
            holdExpiresAt: command.holdExpiresAt, status: .initiated)
    }
}
