import Contracts
import Foundation
import Messaging
import Postgres

/// One service's database as a deployment sets it up: its three roles, their privileges, its migrations. Handlers are
/// called directly inside of its transactions, as the runtime would.
public struct ServiceDatabase: Sendable {
    public let service: ServiceName
    /// Connected as the superuser: sees everything, and takes the service's roles where a scope says so.
    public let client: PostgresClient

    /// Runs the body with a database of its own.
    public static func with(
        _ service: ServiceName, migrations: [PostgresMigration],
        _ body: @Sendable (ServiceDatabase) async throws -> Void
    ) async throws {
        try await withTestDatabase { client in
            try await createRoles(of: service.rawValue, client)
            let roles = "\"\(service.rawValue)\", \"\(service.rawValue)_tenant\""
            let owner = "\"\(service.rawValue)_owner\""
            let privileges = "ALTER DEFAULT PRIVILEGES FOR ROLE \(owner) IN SCHEMA public GRANT"
            for sql in [
                "GRANT ALL ON SCHEMA public TO \(owner)", "GRANT USAGE ON SCHEMA public TO \(roles)",
                "\(privileges) SELECT, INSERT, UPDATE, DELETE ON TABLES TO \(roles)",
                "\(privileges) USAGE ON SEQUENCES TO \(roles)",
            ] {
                _ = try await client.query("\(unescaped: sql)")
            }
            // As the owner, who is no superuser: forced row-level security holds for migrations too.
            let owned = migrations.map { migration in
                PostgresMigration(
                    name: migration.name, sql: "SET LOCAL ROLE \(owner);\n\(migration.sql);\nRESET ROLE")
            }
            _ = try await PostgresMigrator(migrations: owned).migrate(client)
            try await body(ServiceDatabase(service: service, client: client))
        }
    }

    /// Roles belong to the whole server, so that other tests may be creating them at the same time.
    public static func createRoles(of service: String, _ client: PostgresClient) async throws {
        let roles = [("\(service)_owner", ""), (service, "BYPASSRLS"), ("\(service)_tenant", "")]
        for (role, attribute) in roles {
            let sql = """
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(role)') THEN
                        CREATE ROLE "\(role)" \(attribute);
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
                """
            _ = try await client.query("\(unescaped: sql)")
        }
    }

    /// Hands messages of one organisation to a handler as one batch, in the service's own role.
    /// - Returns: what each caused.
    @discardableResult
    public func deliver<Handler: MessageHandler>(
        _ bodies: [Handler.Body], to handler: Handler, organizationID: OrganizationID?, at now: Timestamp
    ) async throws -> [Effects] {
        let received = bodies.map { self.received($0, organizationID: organizationID, at: now) }
        let moment = Self.moment(at: now)
        return try await client.withTransaction(scope: serviceScope) { transaction in
            try handler.handle(received, in: transaction, at: moment)
        }
    }

    /// Hands requests of one organisation to a handler as one batch, in the tenants' role and under row-level security.
    public func ask<Handler: RequestHandler>(
        _ bodies: [Handler.Body], of handler: Handler, organizationID: OrganizationID, at now: Timestamp
    ) async throws -> [Answer<Handler.Body.Reply>] {
        let received = bodies.map { self.received($0, organizationID: organizationID, at: now) }
        let moment = Self.moment(at: now)
        return try await client.withTransaction(
            scope: tenantScope(organizationID), readOnly: Handler.isReadOnly
        ) { transaction in
            try handler.answer(received, in: transaction, at: moment)
        }
    }

    /// Runs a sweep once.
    public func run(_ sweep: some Sweep, at now: Timestamp) async throws -> SweepResult {
        let moment = Self.moment(at: now)
        return try await client.withTransaction(scope: serviceScope) { transaction in
            try sweep.sweep(in: transaction, at: moment)
        }
    }

    /// The service's own role. The organisation is of no account: the role bypasses row-level security.
    public var serviceScope: PostgresScope {
        .tenant(role: service.rawValue, organizationID: UUID())
    }

    public func tenantScope(_ organizationID: OrganizationID) -> PostgresScope {
        .tenant(role: "\(service.rawValue)_tenant", organizationID: organizationID.rawValue)
    }

    private func received<Body: Message>(
        _ body: Body, organizationID: OrganizationID?, at now: Timestamp
    ) -> Received<Body> {
        Received(
            envelope: Envelope(
                id: UUID(), type: Body.name, occurredAt: now, organizationID: organizationID, appID: "tests"),
            body: body)
    }

    private static func moment(at now: Timestamp) -> Moment {
        Moment(now: now) {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }
}

extension [Effects] {
    /// The messages of one kind that were caused, in their order.
    public func messages<Body: Message>(_ type: Body.Type = Body.self) -> [Body] {
        flatMap(\.messages).compactMap { $0.message as? Body }
    }

    /// The names of all messages that were caused, in their order.
    public var messageNames: [String] {
        flatMap(\.messages).map { Swift.type(of: $0.message).name }
    }
}

extension Answer {
    /// What kind of refusal it is; nil for an answer.
    public var refusal: Problem.Slug? {
        if case .failure(let problem) = reply { problem.slug } else { nil }
    }
}
