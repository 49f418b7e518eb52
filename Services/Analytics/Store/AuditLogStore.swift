import Contracts
import Foundation
import Messaging
import Postgres

/// The table `audit_log`: added to and read, never changed.
struct AuditLogStore {
    let transaction: PostgresTransaction

    /// What somebody did, and in which organisation; nil for what belongs to the platform itself.
    struct Line {
        let id: UUID
        let organizationID: OrganizationID?
        let action: ActionRecorded
    }

    /// Adds what is not there yet.
    func append(_ lines: [Line]) throws {
        guard !lines.isEmpty else { return }
        let actions = lines.map(\.action)
        try transaction.write(
            """
            INSERT INTO audit_log
                (id, organization_id, actor_kind, actor_id, actor_name, action, resource_type, resource_id, status,
                occurred_at)
            SELECT * FROM unnest(
                \(lines.map(\.id)), \(lines.map(\.organizationID)), \(actions.map(\.actor.kind.rawValue)),
                \(actions.map(\.actor.id)), \(actions.map(\.actor.name)), \(actions.map(\.action)),
                \(actions.map(\.resourceType)), \(actions.map(\.resourceID)), \(actions.map(\.status)),
                \(actions.map(\.occurredAt)))
            ORDER BY 1
            ON CONFLICT (id) DO NOTHING
            """)
    }

    /// One page of an organisation's log, newest first. The cursor is the id of the page's last line.
    func page(_ page: PageRequest, organizationID: OrganizationID) throws -> Page<AuditEntry> {
        let limit = min(max(page.limit, 1), PageRequest.maximumLimit)
        var before: UUID?
        if let cursor = page.cursor {
            guard let position = UUID(uuidString: cursor) else {
                throw Problem.validation("cursor", "must be the next_cursor of an earlier page")
            }
            before = position
        }
        let rows = try transaction.query(
            """
            SELECT id, actor_kind, actor_id, actor_name, action, resource_type, resource_id, status, occurred_at
            FROM audit_log
            WHERE organization_id = \(organizationID) AND (\(before)::uuid IS NULL OR id < \(before))
            ORDER BY id DESC
            LIMIT \(limit + 1)
            """)
        let entries = try rows.decode(
            (UUID, String, String, String?, String, String, String?, Int, Timestamp).self
        ).map { id, kindName, actorID, actorName, action, resourceType, resourceID, status, occurredAt in
            guard let kind = ActorKind(rawValue: kindName) else { throw UnknownActorKind(name: kindName) }
            return AuditEntry(
                id: id.lowercaseText, actor: Actor(kind: kind, id: actorID, name: actorName),
                action: action, resourceType: resourceType, resourceID: resourceID, status: status,
                occurredAt: occurredAt)
        }
        return Page(rows: entries, limit: limit) { $0.id }
    }

    /// A line was written by a newer version of the service.
    struct UnknownActorKind: Error, Equatable, CustomStringConvertible {
        let name: String

        var description: String { "the audit log names an actor of kind \(name), which this version does not know" }
    }
}

extension AuditLogStore.Line {
    /// What a service did by itself, as its event tells. Nobody was answered, so that the status is that of success.
    init<Body: Event>(_ message: Received<Body>, says action: String, of resourceType: String, _ resourceID: UUID) {
        self.init(
            id: message.envelope.id, organizationID: message.envelope.organizationID,
            action: ActionRecorded(
                actionID: message.envelope.id.lowercaseText,
                actor: Actor(kind: .service, id: Body.source.rawValue), action: action, resourceType: resourceType,
                resourceID: resourceID.lowercaseText, status: 200, occurredAt: message.envelope.occurredAt))
    }
}
