import Contracts
import Messaging
import Postgres

/// The table `organizations`.
struct OrganizationStore {
    let transaction: PostgresTransaction

    /// Creates an organisation. The same id again is answered with the organisation as it stands.
    /// - Throws: a ``Problem`` `conflict` when the slug is taken.
    func create(
        _ draft: OrganizationDraft, id: OrganizationID, at now: Timestamp
    ) throws -> (organization: OrganizationDetails, isNew: Bool) {
        if let existing = try find(id) { return (existing, false) }
        do {
            try transaction.execute(
                """
                INSERT INTO organizations
                    (id, name, slug, status, plan, contact_email, settings, version, created_at, updated_at)
                VALUES (
                    \(id), \(draft.name), \(draft.slug), \(OrganizationStatus.active.rawValue),
                    \((draft.plan ?? .free).rawValue), \(draft.contactEmail),
                    \(PostgresJSON(draft.settings ?? .object([:]))), 1, \(now), \(now))
                """)
        } catch let error as PostgresError where error.constraint == "organizations_slug_key" {
            throw Problem(
                .conflict, "The slug is taken.", errors: [.init(field: "slug", message: "must not be taken")])
        }
        guard let created = try find(id) else { throw Problem.notFound("organisation") }
        return (created, true)
    }

    func find(_ id: OrganizationID) throws -> OrganizationDetails? {
        try organizations(
            "SELECT \(unescaped: Self.columns) FROM organizations WHERE id = \(id)"
        ).first
    }

    /// The organisation, locked against other changes until the transaction ends.
    /// - Throws: a ``Problem`` `not-found`.
    func lock(_ id: OrganizationID) throws -> OrganizationDetails {
        let found = try organizations(
            "SELECT \(unescaped: Self.columns) FROM organizations WHERE id = \(id) FOR UPDATE")
        guard let organization = found.first else { throw Problem.notFound("organisation") }
        return organization
    }

    /// Writes what may change of an organisation, as the next version.
    func update(_ organization: OrganizationDetails) throws {
        try transaction.execute(
            """
            UPDATE organizations
            SET name = \(organization.name), status = \(organization.status.rawValue),
                plan = \(organization.plan.rawValue), contact_email = \(organization.contactEmail),
                settings = \(PostgresJSON(organization.settings)),
                version = \(organization.version), updated_at = \(organization.updatedAt)
            WHERE id = \(organization.id)
            """)
    }

    /// One page, newest first. The cursor is the id of the page's last organisation.
    func page(_ page: PageRequest) throws -> Page<OrganizationDetails> {
        let before: OrganizationID? = try page.position()
        let rows = try organizations(
            """
            SELECT \(unescaped: Self.columns) FROM organizations
            WHERE \(before)::uuid IS NULL OR id < \(before)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows: rows, limit: page.limit) { $0.id.description }
    }

    private static let columns =
        "id, name, slug, status, plan, contact_email, settings, created_at, updated_at, version"

    private func organizations(_ query: PostgresQuery) throws -> [OrganizationDetails] {
        try transaction.query(query).decode(
            (
                OrganizationID, String, String, String, String, String?, PostgresJSON<JSONValue>, Timestamp, Timestamp,
                Int
            ).self
        ).map { id, name, slug, status, plan, contactEmail, settings, createdAt, updatedAt, version in
            OrganizationDetails(
                id: id, name: name, slug: slug, status: try known(status), plan: try known(plan),
                contactEmail: contactEmail, settings: settings.value, createdAt: createdAt, updatedAt: updatedAt,
                version: version)
        }
    }
}
