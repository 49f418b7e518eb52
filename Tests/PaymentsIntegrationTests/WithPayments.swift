import Messaging
import Postgres
import TestSupport

@testable import Payments

/// Lends Payments on fresh databases with the roles and privileges of an installation.
func withPayments(
    abandonAfter: Duration = .seconds(300), refundFees: RefundFees = .kept,
    _ body: (PaymentsFixture) async throws -> Void
) async throws {
    try await withTestDatabase { database in
        try await prepare(database, service: "payments", migrations: paymentsMigrations)
        try await withTestDatabase { sandboxDatabase in
            try await prepare(sandboxDatabase, service: "sandbox_provider", migrations: sandboxMigrations)
            try await body(
                PaymentsFixture(
                    database: database, sandboxDatabase: sandboxDatabase, abandonAfter: abandonAfter,
                    refundFees: refundFees))
        }
    }
}

private func prepare(_ database: PostgresClient, service: String, migrations: [PostgresMigration]) async throws {
    // Tests run at the same time on one server: whoever comes second finds the roles.
    _ = try await database.query(
        """
        DO $$ BEGIN
            CREATE ROLE \(unescaped: service) BYPASSRLS;
            CREATE ROLE \(unescaped: service)_tenant;
            GRANT \(unescaped: service)_tenant TO \(unescaped: service);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """)
    _ = try await database.query(
        """
        ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \(unescaped: service), \(unescaped: service)_tenant
        """)
    _ = try await PostgresMigrator(migrations: migrations).migrate(database)
}
