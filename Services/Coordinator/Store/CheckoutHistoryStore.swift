import Contracts
import Foundation
import Messaging
import Postgres

/// The table `checkout_history`.
struct CheckoutHistoryStore {
    let transaction: PostgresTransaction

    func append(_ entries: [CheckoutHistoryEntry], at now: Timestamp) throws {
        guard !entries.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO checkout_history (checkout_id, sequence, organization_id, at, state, message, outcome, facts)
            SELECT checkout_id, sequence, organization_id, \(now), state, message, outcome, facts
            FROM unnest(
                \(entries.map(\.key.id)), \(entries.map(\.sequence)), \(entries.map(\.key.organizationID)),
                \(entries.map(\.state.rawValue)), \(entries.map(\.message)), \(entries.map(\.outcome.rawValue)),
                \(entries.map { PostgresJSON($0.facts) }))
                AS new (checkout_id, sequence, organization_id, state, message, outcome, facts)
            """)
    }

    /// Every line about a checkout, oldest first; empty when the organisation has no such checkout.
    func lines(of checkoutID: CheckoutID, organizationID: OrganizationID) throws -> [CheckoutTransition] {
        let rows = try transaction.query(
            """
            SELECT at, state, message FROM checkout_history
            WHERE checkout_id = \(checkoutID) AND organization_id = \(organizationID)
            ORDER BY sequence
            """)
        return try rows.decode((Timestamp, String, String).self).map { at, stateName, message in
            guard let state = CheckoutState(rawValue: stateName) else {
                throw UnreadableColumn(name: "checkout_history.state", value: stateName)
            }
            return CheckoutTransition(at: at, state: state, message: message)
        }
    }
}
