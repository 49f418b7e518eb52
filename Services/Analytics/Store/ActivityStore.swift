import Contracts
import Foundation
import Messaging
import Postgres

/// The table `analytics_events`: the raw activity stream.
struct ActivityStore {
    let transaction: PostgresTransaction

    /// Something somebody did once with a subject.
    struct Activity: Sendable, Equatable {
        /// The raw values are the seed's names (seed A, 7.1), and others like them.
        enum Name: String, Sendable {
            case startCheckout = "start_checkout"
            case checkoutSuccess = "checkout_success"
            case refundSuccess = "refund_success"
            case occurrenceCanceled = "occurrence_canceled"
        }

        let name: Name
        let subjectID: UUID
        let organizationID: OrganizationID
        let occurrenceID: OccurrenceID
        let occurredAt: Timestamp
    }

    /// Adds what is not there yet.
    /// - Returns: the subjects of what was added.
    @discardableResult
    func append(_ activities: [Activity]) throws -> Set<UUID> {
        guard !activities.isEmpty else { return [] }
        let added = try transaction.query(
            """
            INSERT INTO analytics_events (subject_id, name, organization_id, occurrence_id, occurred_at)
            SELECT * FROM unnest(
                \(activities.map(\.subjectID)), \(activities.map(\.name.rawValue)),
                \(activities.map(\.organizationID)), \(activities.map(\.occurrenceID)),
                \(activities.map(\.occurredAt)))
            ORDER BY 1, 2
            ON CONFLICT (subject_id, name) DO NOTHING
            RETURNING subject_id
            """)
        return Set(try added.decode(UUID.self))
    }
}
