import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Scanning

@Suite("The gates' own index")
struct GateIndexTests {
    private func status(_ scene: GateScene) async throws -> String {
        try await scene.database.client.query("SELECT status FROM occurrences").decodeOne(String.self)
    }

    @Test("An occurrence's newer version counts; the same again or a late older one does not")
    func occurrenceVersions() async throws {
        try await GateScene.with { scene in
            try await scene.publish(version: 3) { $0.status = .canceled }
            #expect(try await status(scene) == "canceled")
            try await scene.publish(version: 3) { $0.status = .scheduled }
            try await scene.publish(version: 2) { $0.status = .scheduled }
            #expect(try await status(scene) == "canceled")
        }
    }

    @Test("In one batch the newest version of an occurrence counts, wherever it stands")
    func occurrenceBatch() async throws {
        try await GateScene.with { scene in
            let statuses: [(Int, OccurrenceStatus)] = [(2, .confirmed), (4, .canceled), (3, .inProgress)]
            let events = statuses.map { version, status in
                var occurrence = scene.occurrence
                occurrence.version = version
                occurrence.status = status
                return OccurrenceChanged(occurrence: occurrence, eventStatus: .active)
            }
            let effects = try await scene.database.deliver(
                events, to: OccurrenceChangedHandler(), organizationID: scene.organizationID, at: GateScene.opensAt)
            #expect(effects.count == 3)
            #expect(try await status(scene) == "canceled")
        }
    }

    @Test("An occurrence without a usable key is an error")
    func unusableKey() async throws {
        try await GateScene.with { scene in
            await #expect(throws: OccurrenceChangedHandler.UnusablePublicKey(occurrenceID: scene.occurrenceID)) {
                try await scene.publish(version: 2) { $0.publicKey = "AAAA" }
            }
        }
    }

    @Test("An order that comes twice, also in one batch, is indexed once")
    func orderTwice() async throws {
        try await GateScene.with { scene in
            let order = try scene.order([TicketID(UUID()), TicketID(UUID())])
            for _ in 0..<2 {
                try await scene.database.deliver(
                    [order, order], to: OrderCompletedHandler(), organizationID: scene.organizationID,
                    at: GateScene.opensAt)
            }
            #expect(try await scene.count("tickets") == 2)
        }
    }

    @Test("An order that comes late leaves its tickets' admissions and newer revisions as they are")
    func orderLate() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.scan(scene.draft(try scene.code(ticketID, revision: 3)))
            try await scene.sell(ticketID)
            let row = try await scene.database.client.query(
                "SELECT revision, movements, holder_name FROM tickets WHERE id = \(ticketID)"
            ).decodeOne((Int, Int, String).self)
            #expect(row == (3, 1, "Ada Lovelace"))
        }
    }

    @Test("Row-level security hides the tables from whoever names no organisation")
    func failsClosed() async throws {
        try await GateScene.with { scene in
            try await scene.scan(scene.draft(try scene.code(TicketID(UUID()))))
            let stranger = scene.database.tenantScope(OrganizationID(UUID()))
            for table in ["occurrences", "tickets", "scans", "in_out_events"] {
                let seen = try await scene.database.client.withTransaction(scope: stranger) { transaction in
                    try transaction.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
                }
                #expect(seen == 0, "\(table)")
                await #expect(throws: PostgresError.self, "\(table)") {
                    try await scene.database.client.withTransaction { transaction in
                        try transaction.execute("SET LOCAL ROLE scanning_tenant")
                        try transaction.query("SELECT count(*) FROM \(unescaped: table)")
                    }
                }
            }
        }
    }

    @Test("Scans are never changed or removed, and tickets are never removed, not even by the service")
    func facts() async throws {
        try await GateScene.with { scene in
            let scopes = [scene.database.serviceScope, scene.database.tenantScope(scene.organizationID)]
            for statement in [
                "UPDATE scans SET direction = 'out'", "DELETE FROM scans", "UPDATE in_out_events SET direction = 'out'",
                "DELETE FROM in_out_events", "DELETE FROM tickets", "TRUNCATE tickets",
            ] {
                for scope in scopes {
                    let error = await #expect(throws: PostgresError.self) {
                        try await scene.database.client.withTransaction(scope: scope) {
                            try $0.execute("\(unescaped: statement)")
                        }
                    }
                    #expect(error?.sqlState == "42501", "\(statement)")
                }
            }
        }
    }

    @Test("The database itself refuses a second entrance without an exit")
    func alternation() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let draft = scene.draft(try scene.code(ticketID))
            try await scene.scan(draft)
            for (sequence, sqlState) in [(1, "23505"), (2, "23514")] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await scene.database.client.query(
                        """
                        INSERT INTO in_out_events
                            (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
                        VALUES (\(ticketID), \(sequence), \(scene.organizationID), 'in', \(draft.id),
                            \(GateScene.during))
                        """)
                }
                #expect(error?.sqlState == sqlState)
            }
        }
    }
}
