import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Scanning

@Suite("Scans at the same time")
struct ScanConcurrencyTests {
    private func answers(_ scene: GateScene, _ drafts: [ScanDraft]) async throws -> [ScanAnswer] {
        try await withThrowingTaskGroup(of: ScanAnswer.self) { group in
            for draft in drafts {
                group.addTask { try await scene.answer(draft) }
            }
            var answers: [ScanAnswer] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
    }

    @Test("Of scans of one ticket on several connections exactly one admits", arguments: [true, false])
    func oneTicket(isSold: Bool) async throws {
        try await GateScene.with { scene in
            for _ in 0..<10 {
                let ticketID = TicketID(UUID())
                if isSold { try await scene.sell(ticketID) }
                let code = try scene.code(ticketID)
                let results = try await answers(scene, (0..<6).map { _ in scene.draft(code) }).map(\.result)
                #expect(results.filter { $0 == .admitted }.count == 1)
                #expect(results.filter { $0 == .alreadyAdmitted }.count == 5)
            }
        }
    }

    @Test("Of scans with one id but different tickets one wins, and everybody hears its answer")
    func oneID() async throws {
        try await GateScene.with { scene in
            for _ in 0..<10 {
                let id = ScanID(UUID())
                let drafts = try (0..<6).map { _ in scene.draft(try scene.code(TicketID(UUID())), id: id) }
                let all = try await answers(scene, drafts)
                #expect(Set(all.map(\.ticket?.id)).count == 1)
                #expect(all.allSatisfy { $0.result == .admitted })
            }
            // The losers' tickets were not used up.
            let inside = try await scene.database.client.query("SELECT count(*) FROM tickets WHERE is_inside")
                .decodeOne(Int.self)
            #expect(inside == 10)
            #expect(try await scene.count("in_out_events") == 10)
        }
    }

    @Test("A lost race for one id leaves the rest of its batch right")
    func lostRaceInBatch() async throws {
        try await GateScene.with { scene in
            let sharedID = ScanID(UUID())
            let winner = TicketID(UUID())
            let loser = TicketID(UUID())
            let neighbour = TicketID(UUID())
            let rendezvous = Rendezvous()
            let winning = try scene.code(winner)
            // The winner has stored its scan, but not committed yet.
            async let holder: Void = scene.database.client.withTransaction(
                scope: scene.database.tenantScope(scene.organizationID)
            ) { transaction in
                let recorder = ScanRecorder(
                    transaction: transaction, organizationID: scene.organizationID, now: GateScene.during)
                _ = try recorder.record([scene.draft(winning, id: sharedID)])
                rendezvous.open(.locked)
                rendezvous.wait(for: .swept)
            }
            await rendezvous.passed(.locked)
            let drafts = [
                scene.draft(try scene.code(loser), id: sharedID), scene.draft(try scene.code(neighbour)),
            ]
            async let batch = scene.scan(drafts[0], drafts[1])
            try await waitUntilBlocked(scene)
            rendezvous.open(.swept)
            try await holder
            let answers = try await batch
            let replies = try answers.map { try $0.reply.get() }
            #expect(replies.map(\.ticket?.id) == [winner, neighbour])
            #expect(replies.map(\.result) == [.admitted, .admitted])
            // The neighbour has really gone in, once.
            #expect(answers.map(\.effects).messages(ScanRecorded.self).map(\.ticketID) == [neighbour])
            #expect(try await scene.count("in_out_events") == 2)
            #expect(try await scene.results(scene.draft(try scene.code(neighbour))) == [.alreadyAdmitted])
            // The loser's ticket is still good.
            #expect(try await scene.results(scene.draft(try scene.code(loser))) == [.admitted])
        }
    }

    /// Until a connection of this database waits for a lock.
    private func waitUntilBlocked(_ scene: GateScene) async throws {
        var waiting = 0
        while waiting == 0 {
            try Task.checkCancellation()
            waiting = try await scene.database.client.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).decodeOne(Int.self)
        }
    }

    @Test("A batch that waits for a new ticket holds no known one, so that whoever has the new one may come to it")
    func newTicketFirst() async throws {
        try await GateScene.with { scene in
            let ticketIDs = [UUID(), UUID()].sorted().map { TicketID($0) }
            let (new, known) = (ticketIDs[0], ticketIDs[1])
            try await scene.sell(known)
            let drafts = try [new, known].map { scene.draft(try scene.code($0)) }
            let organizationID = scene.organizationID
            let isFree = try await scene.database.leavesFree(
                "SELECT FROM tickets WHERE id = \(known) FOR UPDATE NOWAIT",
                whileWaitingFor: """
                    INSERT INTO tickets (id, organization_id, occurrence_id, revision)
                    VALUES (\(new), \(organizationID), \(scene.occurrenceID), 1)
                    """
            ) { transaction in
                let recorder = ScanRecorder(
                    transaction: transaction, organizationID: organizationID, now: GateScene.during)
                _ = try recorder.record(drafts)
            }
            #expect(isFree)
            #expect(try await scene.count("in_out_events") == 2)
        }
    }

    @Test("Messages about tickets of several organisations lock them by organisation, as scans that travel together do")
    func lockOrder() async throws {
        try await GateScene.with { scene in
            // The ids are in one order, their organisations in the other.
            let ticketIDs = [UUID(), UUID()].sorted().map { TicketID($0) }
            let organizationIDs = [UUID(), UUID()].sorted().reversed().map { OrganizationID($0) }
            let words = zip(ticketIDs, organizationIDs).map { ticketID, organizationID in
                [1, 2].map { version in
                    RefundWord(
                        organizationID: organizationID, occurrenceID: scene.occurrenceID, ticketID: ticketID,
                        orderVersion: version, isRevoked: version == 2)
                }
            }
            try await scene.database.client.withTransaction {
                try TicketStore(transaction: $0).apply(words.map { $0[0] })
            }
            let isFree = try await scene.database.leavesFree(
                "SELECT FROM tickets WHERE id = \(ticketIDs[0]) FOR UPDATE NOWAIT",
                whileWaitingFor: "SELECT FROM tickets WHERE id = \(ticketIDs[1]) FOR UPDATE"
            ) { transaction in
                try TicketStore(transaction: transaction).apply(words.map { $0[1] })
            }
            #expect(isFree)
            let revoked = try await scene.database.client.query("SELECT count(*) FROM tickets WHERE status = 'revoked'")
            #expect(try revoked.decodeOne(Int.self) == 2)
        }
    }

    @Test("Batches with the same tickets in opposite orders, and orders that arrive meanwhile, never deadlock")
    func noDeadlock() async throws {
        try await GateScene.with { scene in
            for _ in 0..<10 {
                let ticketIDs = (0..<20).map { _ in TicketID(UUID()) }
                // Some are known before.
                for ticketID in ticketIDs.shuffled().prefix(7) { try await scene.sell(ticketID) }
                let order = try scene.order(ticketIDs.shuffled())
                let codes = try ticketIDs.map { try scene.code($0) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for codes in [codes, codes.reversed(), codes.shuffled()] {
                        let requests = codes.map { RecordScan(scan: scene.draft($0)) }
                        group.addTask {
                            _ = try await scene.database.ask(
                                requests, of: RecordScanHandler(), organizationID: scene.organizationID,
                                at: GateScene.during)
                        }
                    }
                    group.addTask {
                        try await scene.database.deliver(
                            [order], to: OrderCompletedHandler(), organizationID: scene.organizationID,
                            at: GateScene.during)
                    }
                    try await group.waitForAll()
                }
            }
            let admitted = try await scene.database.client.query(
                "SELECT count(*), count(DISTINCT ticket_id) FROM scans WHERE result = 'admitted'"
            ).decodeOne((Int, Int).self)
            #expect(admitted == (200, 200))
        }
    }
}
