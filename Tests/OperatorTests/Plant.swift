import Testing

@testable import Operator

/// A violation to be planted into a healthy installation, and the check that must name it.
struct Plant: Sendable, CustomTestStringConvertible {
    typealias Row = HealthyRows

    /// The name of the check.
    let check: String
    let changes: [OperatorEnvironment.Database: [String]]
    /// Part of the finding's text.
    let detail: String

    init(_ check: String, naming detail: String, _ changes: [OperatorEnvironment.Database: [String]]) {
        self.check = check
        self.changes = changes
        // The ids are SQL literals.
        self.detail = detail.replacing("'", with: "")
    }

    var testDescription: String { check }

    static let all: [Plant] = [
        stock, orders, ledger, money, refunds, orderRefunds, scans, revocations, deliveries, webhooks, reports,
        refundReports, sagas, refundSagas, cancellations, incidents, tenants, plumbing,
    ].flatMap(\.self)
}
