import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `notifications` and `delivery_attempts`, as attempts at sending change them.
struct NotificationStore {
    let transaction: PostgresTransaction

    /// A notification that still waits to be sent, locked.
    struct Pending {
        let notificationID: UUID
        let organizationID: OrganizationID
        let attemptCount: Int
        /// When what it tells happened.
        let since: Timestamp
    }

    /// What an attempt made of a notification.
    struct Step {
        let notificationID: UUID
        let organizationID: OrganizationID
        let number: Int
        let attempt: MailAttempt
    }

    /// Locks those of these notifications that have not ended.
    func lockPending(_ ids: [UUID]) throws -> [UUID: Pending] {
        let rows = try transaction.query(
            """
            SELECT id, organization_id, attempt_count, created_at FROM notifications
            WHERE id = ANY(\(ids)) AND status = 'pending'
            ORDER BY id FOR UPDATE
            """)
        return try rows.decode((UUID, OrganizationID, Int, Timestamp).self).reduce(into: [:]) { pending, row in
            pending[row.0] = Pending(
                notificationID: row.0, organizationID: row.1, attemptCount: row.2, since: row.3)
        }
    }

    /// Adds attempts and moves their notifications.
    func record(_ steps: [Step], at now: Timestamp) throws {
        guard !steps.isEmpty else { return }
        let outcomes = steps.map { step in
            switch step.attempt.result {
            case .sent: (outcome: "sent", status: "sent", error: String?.none)
            case .postponed(let reason): (outcome: "postponed", status: "pending", error: reason)
            case .failed(let reason): (outcome: "failed", status: "failed", error: reason)
            }
        }
        try transaction.execute(
            """
            INSERT INTO delivery_attempts
                (organization_id, notification_id, number, outcome, error, attempted_at, duration_milliseconds)
            SELECT * FROM unnest(
                \(steps.map(\.organizationID)), \(steps.map(\.notificationID)), \(steps.map(\.number)),
                \(outcomes.map(\.outcome)), \(outcomes.map(\.error)), \(steps.map(\.attempt.attemptedAt)),
                \(steps.map(\.attempt.durationMilliseconds)))
            """)
        try transaction.execute(
            """
            UPDATE notifications
            SET status = step.status, attempt_count = step.number,
                completed_at = CASE WHEN step.status = 'pending' THEN NULL ELSE \(now) END
            FROM unnest(\(steps.map(\.notificationID)), \(outcomes.map(\.status)), \(steps.map(\.number)))
                AS step (id, status, number)
            WHERE notifications.id = step.id
            """)
    }

    /// Ends locked notifications that are not to be sent any more.
    func withdraw(_ ids: [UUID], at now: Timestamp) throws {
        guard !ids.isEmpty else { return }
        try transaction.execute(
            "UPDATE notifications SET status = 'withdrawn', completed_at = \(now) WHERE id = ANY(\(ids))")
    }
}
