import Contracts
import Messaging
import Postgres

/// The table `organizations`: what the Gateway says of them, as far as selling depends on it.
struct OrganizationStore {
    let transaction: PostgresTransaction

    /// Stops what an inactive organisation may not do. One that is not known yet has been let in by the Gateway, whose
    /// word on it is still under way.
    /// - Throws: an `organization-inactive` ``Problem``.
    func requireActive(_ id: OrganizationID) throws {
        let status = try transaction.query("SELECT status FROM organizations WHERE id = \(id)")
            .decodeFirst(TextColumn<OrganizationStatus>.self)?.value
        if let status, status != .active {
            throw Problem(.organizationInactive, "The organization is \(status.rawValue) and cannot sell tickets.")
        }
    }

    /// Stores what is newer than what is known; the rest is dropped. No organisation may be named twice.
    func apply(_ changes: [OrganizationChanged]) throws {
        guard !changes.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO organizations (id, name, slug, status, plan, version)
            SELECT * FROM unnest(
                \(changes.map(\.organizationID)), \(changes.map(\.displayName)), \(changes.map(\.slug)),
                \(changes.map(\.status.rawValue)), \(changes.map(\.plan)), \(changes.map(\.version)))
                AS new (id, name, slug, status, plan, version)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, slug = excluded.slug, status = excluded.status, plan = excluded.plan,
                version = excluded.version
            WHERE organizations.version < excluded.version
            """)
    }
}
