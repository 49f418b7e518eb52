import Contracts
import Foundation
import Messaging
import Postgres

/// The table `incidents`.
struct IncidentStore {
    let transaction: PostgresTransaction

    /// An incident of one saga.
    struct Raised: Sendable {
        let saga: SagaKind
        let key: SagaKey
        let incident: Incident
    }

    /// Raises incidents. One that is open already stays as it is.
    func raise(_ incidents: [Raised], at moment: Moment) throws {
        guard !incidents.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO incidents (id, organization_id, saga, saga_id, kind, detail, raised_at)
            SELECT id, organization_id, saga, saga_id, kind, detail, \(moment.now)
            FROM unnest(
                \(incidents.map { _ in moment.makeUUID() }), \(incidents.map(\.key.organizationID)),
                \(incidents.map(\.saga.rawValue)), \(incidents.map(\.key.id)),
                \(incidents.map(\.incident.kind.rawValue)), \(incidents.map(\.incident.detail)))
                AS new (id, organization_id, saga, saga_id, kind, detail)
            ON CONFLICT (saga_id, saga, kind) WHERE resolved_at IS NULL DO NOTHING
            """)
    }

    /// Closes what is open about sagas that have moved on.
    func resolve(_ keys: [SagaKey], of saga: SagaKind, at now: Timestamp) throws {
        guard !keys.isEmpty else { return }
        try transaction.write(
            """
            UPDATE incidents SET resolved_at = \(now)
            WHERE saga_id = ANY(\(keys.map(\.id))) AND saga = \(saga.rawValue) AND resolved_at IS NULL
            """)
    }
}
