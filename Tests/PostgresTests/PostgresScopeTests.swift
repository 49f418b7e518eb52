import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Tenant scope", .timeLimit(.minutes(5)))
struct PostgresScopeTests {
    private static let shop = [
        PostgresMigration(
            name: "0001_create_orders",
            sql: """
                CREATE TABLE orders (organization_id uuid NOT NULL, name text NOT NULL);
                ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
                ALTER TABLE orders FORCE ROW LEVEL SECURITY;
                CREATE POLICY tenant ON orders
                    USING (organization_id = current_setting('app.organization_id')::uuid);
                """)
    ]

    /// Lends a database with one connection and a role that sees only what the policy shows. Roles belong to the whole server.
    private func withTenants(_ body: (PostgresClient, String) async throws -> Void) async throws {
        let role = "tenant \"of\" \(UUID().uuidString)"
        let quoted = "\"\(role.replacing("\"", with: "\"\""))\""
        try await withTestDatabase(migrations: Self.shop, configure: { $0.maximumConnections = 1 }) { client in
            _ = try await client.query("CREATE ROLE \(unescaped: quoted) NOLOGIN")
            let result: Result<Void, any Error>
            do {
                _ = try await client.query("GRANT SELECT, INSERT ON orders TO \(unescaped: quoted)")
                result = .success(try await body(client, role))
            } catch {
                result = .failure(error)
            }
            _ = try await client.query("DROP OWNED BY \(unescaped: quoted)")
            _ = try await client.query("DROP ROLE \(unescaped: quoted)")
            try result.get()
        }
    }

    @Test("A tenant sees and writes its own rows only")
    func isolation() async throws {
        try await withTenants { client, role in
            let (one, other) = (UUID(), UUID())
            for organization in [one, other] {
                try await client.withTransaction(scope: .tenant(role: role, organizationID: organization)) {
                    try $0.execute("INSERT INTO orders VALUES (\(organization), \("of \(organization)"))")
                }
            }
            let seen = try await client.withTransaction(scope: .tenant(role: role, organizationID: one)) {
                try $0.query("SELECT name FROM orders").decode(String.self)
            }
            #expect(seen == ["of \(one)"])
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(scope: .tenant(role: role, organizationID: one)) {
                    try $0.execute("INSERT INTO orders VALUES (\(other), 'forged')")
                }
            }
            #expect(error?.sqlState == "42501")
            #expect(try await client.query("SELECT count(*) FROM orders").decodeOne(Int.self) == 2)
        }
    }

    @Test("A transaction that enters another organisation goes on for that one, with what was held back and savepoints")
    func enter() async throws {
        try await withTenants { client, role in
            let (one, other) = (UUID(), UUID())
            let seen = try await client.withTransaction(scope: .tenant(role: role, organizationID: one)) {
                transaction in
                // Held back until the other one's first statement, and still done as the first.
                try transaction.write("INSERT INTO orders VALUES (\(one), 'kept')")
                try transaction.enter(organizationID: other)
                try transaction.write("SAVEPOINT attempt")
                try transaction.execute("INSERT INTO orders VALUES (\(other), 'undone')")
                try transaction.execute("ROLLBACK TO SAVEPOINT attempt")
                try transaction.execute("INSERT INTO orders VALUES (\(other), 'kept as well')")
                return try transaction.query("SELECT name FROM orders").decode(String.self)
            }
            #expect(seen == ["kept as well"])
            let all = try await client.query("SELECT organization_id, name FROM orders ORDER BY name")
                .decode((UUID, String).self)
            #expect(all.map(\.0) == [one, other])
            let read = try await client.withTransaction(
                scope: .tenant(role: role, organizationID: one), readOnly: true
            ) { transaction in
                try [one, other].map { organization in
                    try transaction.enter(organizationID: organization)
                    return try transaction.query("SELECT name FROM orders").decodeOne(String.self)
                }
            }
            #expect(read == ["kept", "kept as well"])
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(scope: .tenant(role: role, organizationID: one)) { transaction in
                    try transaction.enter(organizationID: other)
                    try transaction.execute("INSERT INTO orders VALUES (\(one), 'forged')")
                }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test("Role and organisation are gone from the connection afterwards, however the transaction ended")
    func scopeEnds() async throws {
        struct Failure: Error {}
        try await withTenants { client, role in
            let scope = PostgresScope.tenant(role: role, organizationID: UUID())
            let during = try await client.withTransaction(scope: scope) {
                try $0.query("SELECT current_user::text, current_setting('app.organization_id'), pg_backend_pid()")
                    .decodeOne((String, String, Int).self)
            }
            #expect(during.0 == role)
            #expect(during.1.isEmpty == false)
            await #expect(throws: Failure.self) {
                try await client.withTransaction(scope: scope) {
                    try $0.query("SELECT 1")
                    throw Failure()
                }
            }
            await #expect(throws: PostgresError.self) {
                try await client.withTransaction(scope: scope) { try $0.query("SELECT 1 / 0") }
            }
            let after = try await client.withTransaction {
                try $0.query(
                    """
                    SELECT current_user = session_user, coalesce(current_setting('app.organization_id', true), ''),
                        pg_backend_pid()
                    """
                ).decodeOne((Bool, String, Int).self)
            }
            #expect(after.0)
            #expect(after.1 == "")
            // The same connection, or the test would show nothing.
            #expect(after.2 == during.2)
        }
    }

    @Test("Without an organisation the policy fails closed, also on a connection that had one")
    func failsClosed() async throws {
        try await withTenants { client, role in
            let quoted = "\"\(role.replacing("\"", with: "\"\""))\""
            let organization = UUID()
            let seen = try await client.withTransaction(scope: .tenant(role: role, organizationID: organization)) {
                try $0.execute("INSERT INTO orders VALUES (\(organization), 'seat')")
                return try $0.query("SELECT name FROM orders").decode(String.self)
            }
            #expect(seen == ["seat"])
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.execute("SET LOCAL ROLE \(unescaped: quoted)")
                    try transaction.query("SELECT * FROM orders")
                }
            }
            #expect(error?.code == .server)
        }
    }

    @Test("A role that does not exist fails the first statement and nothing else")
    func unknownRole() async throws {
        try await withTenants { client, _ in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(scope: .tenant(role: "nobody here", organizationID: UUID())) {
                    try $0.query("SELECT 1")
                }
            }
            #expect(error?.sqlState == "22023")
            try await expectAnswer(from: client)
        }
    }
}
