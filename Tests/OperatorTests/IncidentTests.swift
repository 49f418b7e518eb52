import Contracts
import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@testable import Operator

/// What sagas cannot mend by themselves, as the operator reads and resolves it.
@Suite("Incidents and sagas")
struct IncidentTests {
    private typealias Row = HealthyRows

    private static let silence = Logger(label: "incidents", factory: { _ in SwiftLogNoOpLogHandler() })
    private static let now = Timestamp(millisecondsSince1970: 4_102_444_800_000)

    /// Runs the body with the Coordinator's database, as the superuser and as the operator's role, which reads only.
    private func withDatabase(
        _ body: @Sendable (_ administrator: PostgresClient, _ operator: PostgresClient) async throws -> Void
    ) async throws {
        // Roles belong to the whole server; the migrations grant what this one may do.
        try await withTestDatabase { client in
            let role = """
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'voelgoed_operator') THEN
                        CREATE ROLE voelgoed_operator BYPASSRLS;
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
                """
            _ = try await client.query("\(unescaped: role)")
            _ = try await client.query("GRANT pg_read_all_data TO voelgoed_operator")
        }
        try await ServiceDatabase.with(.coordinator, migrations: ServiceMigrations.of("coordinator")) { database in
            let administrator = database.client
            let name = administrator.configuration.database
            for setting in ["role = voelgoed_operator", "default_transaction_read_only = on"] {
                _ = try await administrator.query("ALTER DATABASE \(unescaped: name) SET \(unescaped: setting)")
            }
            let operating = PostgresClient(configuration: administrator.configuration, logger: Self.silence)
            do {
                try await body(administrator, operating)
            } catch {
                await operating.close()
                throw error
            }
            await operating.close()
        }
    }

    private func id(_ literal: String) throws -> UUID {
        try #require(UUID(uuidString: literal.replacing("'", with: "")))
    }

    @Test("An operator says once what was done about an incident, and writes nothing else")
    func resolving() async throws {
        try await withDatabase { administrator, operating in
            _ = try await administrator.withTransaction { transaction in
                try transaction.execute("\(unescaped: Plant.incident(Row.id(1), of: Row.organization))")
            }
            let records = IncidentRecords(client: operating)
            let open = try #require(try await records.open(limit: 10).first)
            #expect(open.kind == "refund_undecided" && open.resolvedAt == nil)
            #expect("\(open)".contains("open") && "\(open)".contains("The provider sleeps."))
            #expect(try await records.openKinds().map(\.count) == [1])

            let resolved = try await records.resolve(open.id, note: "The provider paid by hand.", at: Self.now)
            #expect(resolved.resolvedAt == Self.now && resolved.resolution == "The provider paid by hand.")
            #expect(try await records.open(limit: 10) == [])
            #expect(try await records.openKinds().isEmpty)
            #expect(try await records.all(limit: 10) == [resolved])
            await #expect(throws: OperatorError.self) {
                try await records.resolve(open.id, note: "Again.", at: Self.now)
            }
            await #expect(throws: OperatorError.self) {
                try await records.resolve(id(Row.id(2)), note: "Nothing.", at: Self.now)
            }
            #expect(try await records.all(limit: 10) == [resolved])

            for statement in [
                "UPDATE incidents SET detail = 'nothing'", "DELETE FROM incidents",
                "UPDATE refunds SET state = 'failed'", "INSERT INTO checkouts DEFAULT VALUES",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await operating.withTransaction { transaction in
                        try transaction.execute("SET TRANSACTION READ WRITE")
                        try transaction.execute("\(unescaped: statement)")
                    }
                }
                #expect(error?.message.contains("permission denied") == true, "\(statement)")
            }
        }
    }

    @Test("An incident that was raised after the operator's own time is not resolved before it")
    func clocks() async throws {
        try await withDatabase { administrator, operating in
            _ = try await administrator.withTransaction { transaction in
                try transaction.execute("\(unescaped: Plant.incident(Row.id(1), of: Row.organization))")
            }
            let resolved = try await IncidentRecords(client: operating).resolve(
                id(Row.id(1)), note: "Done.", at: Timestamp(millisecondsSince1970: 0))
            #expect(resolved.resolvedAt == resolved.raisedAt)
        }
    }

    @Test("Sagas are listed the newest first, of one kind or of all, and found by their id whatever they are")
    func sagas() async throws {
        try await withDatabase { administrator, operating in
            _ = try await administrator.withTransaction { transaction in
                try transaction.execute("SET LOCAL session_replication_role = replica")
                for statement in Row.statements(.coordinator) { try transaction.execute("\(unescaped: statement)") }
                try transaction.execute("\(unescaped: Plant.incident(Row.id(1), of: Row.organization))")
            }
            let records = SagaRecords(client: operating)
            let all = try await records.newest(nil, state: nil, limit: 100)
            #expect(all.filter { $0.kind == .checkout }.count == 9)
            #expect(all.filter { $0.kind == .refund }.count == 4)
            #expect(all.filter { $0.kind == .cancellation }.count == 1)
            #expect(all.prefix(5).allSatisfy { $0.kind != .checkout })
            #expect(try await records.newest(nil, state: nil, limit: 3).count == 3)
            let pending = try await records.newest(.refund, state: "pending", limit: 100)
            #expect(pending.map(\.id) == [try id(Row.pendingRefund)])

            let refund = try #require(try await records.find(id(Row.pendingRefund)).first)
            #expect(refund.kind == .refund && refund.state == "pending")
            let history = try await records.history(of: refund)
            #expect(history.count == 2)
            #expect(history.first?.contains("requested  coordinator.start-refund.v1") == true)
            let incidents = try await IncidentRecords(client: operating).list(of: refund)
            #expect(incidents.map(\.kind) == ["refund_undecided"])
            #expect(try await records.find(id(Row.canceledOccurrence)).map(\.kind) == [.cancellation])
            #expect(try await records.find(id(Row.soldCheckout)).map(\.kind) == [.checkout])
            #expect(try await records.find(id(Row.soldOrder)) == [])
        }
    }
}
