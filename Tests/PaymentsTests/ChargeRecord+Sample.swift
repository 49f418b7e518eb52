import Contracts
import Foundation

@testable import Payments

extension ChargeRecord {
    /// A charge of 100.00 in a state, as the database would hold it.
    static func sample(_ status: ChargeState, amountCents: Int = 10_000) -> ChargeRecord {
        var charge = ChargeRecord(
            id: .example, organizationID: .example, checkoutID: .example, orderID: .example, correlationID: nil,
            amountCents: amountCents, currency: .zar, provider: "sandbox", token: nil, holdExpiresAt: .example,
            status: status)
        switch status {
        case .initiated, .pending:
            charge.token = "tok_ok"
        case .succeeded:
            charge.providerReference = "sbx_1"
            charge.capturedAt = .example
        case .failed:
            charge.failureReason = .declined
            charge.failureDetail = "The card was declined."
        }
        return charge
    }
}
