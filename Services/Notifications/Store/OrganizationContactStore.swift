import Contracts
import Messaging
import Postgres

/// The table `organization_contacts`.
struct OrganizationContactStore {
    let transaction: PostgresTransaction

    struct Contact {
        let name: String
        /// Nil when the organisation gave none.
        let email: String?
    }

    /// Stores what is newer than what is known; the rest is dropped. No organisation may be named twice.
    func apply(_ changes: [OrganizationChanged]) throws {
        guard !changes.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO organization_contacts (organization_id, name, contact_email, version)
            SELECT * FROM unnest(
                \(changes.map(\.organizationID)), \(changes.map(\.displayName)), \(changes.map(\.contactEmail)),
                \(changes.map(\.version))) AS new (organization_id, name, contact_email, version)
            ORDER BY organization_id
            ON CONFLICT (organization_id) DO UPDATE SET
                name = excluded.name, contact_email = excluded.contact_email, version = excluded.version
            WHERE organization_contacts.version < excluded.version
            """)
    }

    func contacts(of ids: [OrganizationID]) throws -> [OrganizationID: Contact] {
        let rows = try transaction.query(
            """
            SELECT organization_id, name, contact_email FROM organization_contacts
            WHERE organization_id = ANY(\(ids))
            """)
        return try rows.decode((OrganizationID, String, String?).self).reduce(into: [:]) { contacts, row in
            contacts[row.0] = Contact(name: row.1, email: row.2)
        }
    }
}
