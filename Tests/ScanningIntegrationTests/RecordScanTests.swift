import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Scanning

@Suite("A scan at a gate")
struct RecordScanTests {
    @Test("A sold ticket is let in once, shown by name, and told to everybody")
    func admission() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            let draft = scene.draft(try scene.code(ticketID))
            let answers = try await scene.scan(draft)
            let answer = try answers[0].reply.get()
            #expect(answer.result == .admitted)
            #expect(answer.firstAdmittedAt == GateScene.during)
            #expect(answer.ticket?.holderName == "Ada Lovelace")
            let event = try #require(answers.map(\.effects).messages(ScanRecorded.self).first)
            #expect(event.isFirstAdmission && event.ticketID == ticketID && event.scanID == draft.id)

            let again = try await scene.answer(
                scene.draft(try scene.code(ticketID)), at: GateScene.during + .seconds(1))
            #expect(again.result == .alreadyAdmitted)
            #expect(again.firstAdmittedAt == GateScene.during)
        }
    }

    @Test("The same scan id always gets the stored answer, whatever else the repetition says, and is told once")
    func repetition() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            let draft = scene.draft(try scene.code(ticketID))
            let first = try await scene.answer(draft)
            var other = draft
            other.code = "nonsense"
            other.direction = .out
            other.occurrenceID = OccurrenceID(UUID())
            other.scannedAt = GateScene.endsAt
            for repeated in [draft, other] {
                let answers = try await scene.scan(repeated, at: GateScene.during + .seconds(60))
                #expect(try answers[0].reply.get() == first)
                #expect(answers[0].effects.messages.isEmpty)
            }
            #expect(try await scene.count("scans") == 1)
        }
    }

    @Test("Looking for stored answers reads no other scans, also with a plan from when there were few")
    func answersByKey() async throws {
        try await GateScene.with { scene in
            for _ in 0..<3 { try await scene.scan(scene.draft("nonsense")) }
            let read = try await scene.database.client.withTransaction { transaction in
                let query = ScanStore.answersQuery([ScanID(UUID())], organizationID: scene.organizationID)
                #expect(try ScanStore.answers(in: transaction.query(query)).isEmpty)
                try transaction.query(
                    """
                    INSERT INTO scans
                        (organization_id, id, occurrence_id, direction, result, scanned_at, received_at, code_hash, answer)
                    SELECT \(scene.organizationID), gen_random_uuid(), \(scene.occurrenceID), 'in', 'unknown_code', now(),
                        now(), '', '{}'
                    FROM generate_series(1, 500)
                    """)
                #expect(try ScanStore.answers(in: transaction.query(query)).isEmpty)
                return try transaction.query(
                    "SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'scans'"
                ).decodeOne(Int.self)
            }
            #expect(read == 0)
        }
    }

    @Test("A repeated id inside one batch gets the first one's answer and is told once")
    func repetitionInBatch() async throws {
        try await GateScene.with { scene in
            let draft = scene.draft(try scene.code(TicketID(UUID())))
            let answers = try await scene.scan(draft, draft)
            #expect(try answers.map { try $0.reply.get().result } == [.admitted, .admitted])
            #expect(answers.map(\.effects.messages.count) == [1, 0])
            #expect(try await scene.count("scans") == 1)
        }
    }

    @Test("In and out alternate, and each passage is a fact of its own")
    func inAndOut() async throws {
        try await GateScene.with { scene in
            let code = try scene.code(TicketID(UUID()))
            let results = try await scene.results(
                scene.draft(code, .out), scene.draft(code), scene.draft(code), scene.draft(code, .out),
                scene.draft(code, .out), scene.draft(code))
            #expect(results == [.notInside, .admitted, .alreadyAdmitted, .exited, .notInside, .admitted])
            let passages = try await scene.database.client.query(
                "SELECT direction FROM in_out_events ORDER BY sequence"
            ).decode(String.self)
            #expect(passages == ["in", "out", "in"])
            #expect(try await scene.count("scans") == 6)
        }
    }

    @Test("Only the first admission of a ticket is told as its first")
    func firstAdmission() async throws {
        try await GateScene.with { scene in
            let code = try scene.code(TicketID(UUID()))
            let answers = try await scene.scan(scene.draft(code), scene.draft(code, .out), scene.draft(code))
            let events = answers.map(\.effects).messages(ScanRecorded.self)
            #expect(events.map(\.isFirstAdmission) == [true, false, false])
        }
    }

    @Test("A genuine code admits before its order is known, and the order fills in the names")
    func codeBeforeOrder() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let first = try await scene.answer(scene.draft(try scene.code(ticketID)))
            #expect(first.result == .admitted)
            #expect(first.ticket == ScannedTicket(id: ticketID))
            try await scene.sell(ticketID)
            let second = try await scene.answer(scene.draft(try scene.code(ticketID)))
            #expect(second.result == .alreadyAdmitted)
            #expect(second.ticket?.holderName == "Ada Lovelace")
        }
    }

    @Test("In one batch tickets that the index knows go in, and those that it does not, and each once")
    func knownAndNew() async throws {
        try await GateScene.with { scene in
            let (sold, new) = (TicketID(UUID()), TicketID(UUID()))
            try await scene.sell(sold)
            let drafts = try [sold, new, sold, new].map { scene.draft(try scene.code($0)) }
            let answers = try await scene.scan(drafts[0], drafts[1], drafts[2], drafts[3]).map { try $0.reply.get() }
            #expect(answers.map(\.result) == [.admitted, .admitted, .alreadyAdmitted, .alreadyAdmitted])
            #expect(answers.map(\.ticket?.holderName) == ["Ada Lovelace", nil, "Ada Lovelace", nil])
            #expect(try await scene.count("in_out_events") == 2)
        }
    }

    @Test("Codes that prove nothing are unknown, and stored all the same")
    func unknownCodes() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let stranger = try GateScene(database: scene.database)
            let forged = try scene.code(ticketID).dropLast(4) + "AAAA"
            let results = try await scene.results(
                scene.draft(""), scene.draft("nonsense\0with NUL"), scene.draft(String(forged)),
                scene.draft(try stranger.code(ticketID)), scene.draft(String(repeating: "A", count: 100_000)))
            #expect(results == Array(repeating: .unknownCode, count: 5))
            #expect(try await scene.count("scans") == 5)
            #expect(try await scene.count("tickets") == 0)
        }
    }

    @Test("A ticket of another date of the same organisation is told so; another organisation's is unknown")
    func wrongOccurrence() async throws {
        try await GateScene.with { scene in
            let other = try GateScene(database: scene.database, organizationID: scene.organizationID)
            try await other.publish()
            let foreign = try GateScene(database: scene.database)
            try await foreign.publish()
            let ticketID = TicketID(UUID())
            let answers = try await scene.scan(
                scene.draft(try other.code(ticketID)), scene.draft(try foreign.code(ticketID)))
            #expect(try answers.map { try $0.reply.get().result } == [.wrongOccurrence, .unknownCode])
            #expect(answers.map(\.effects).messages(ScanRecorded.self).map(\.ticketID) == [ticketID, nil])
            // It is not used up: at its own gate it admits.
            #expect(try await other.results(other.draft(try other.code(ticketID))) == [.admitted])
        }
    }

    @Test("Doors open and close by the time of the scan, not of its arrival")
    func times() async throws {
        try await GateScene.with { scene in
            let code = try scene.code(TicketID(UUID()))
            let late = GateScene.endsAt + .seconds(3600)
            let results = try await scene.results(
                scene.draft(code, at: GateScene.opensAt - .seconds(1)), scene.draft(code),
                scene.draft(code, at: GateScene.endsAt), at: late)
            #expect(results == [.notOpenYet, .closed, .admitted])
        }
    }

    @Test("A canceled occurrence lets nobody in")
    func canceled() async throws {
        try await GateScene.with { scene in
            try await scene.publish(version: 2) { $0.status = .canceled }
            #expect(try await scene.results(scene.draft(try scene.code(TicketID(UUID())))) == [.closed])
        }
    }

    @Test("A reissued ticket revokes its older code")
    func revoked() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID, revision: 2)
            let results = try await scene.results(
                scene.draft(try scene.code(ticketID, revision: 1)),
                scene.draft(try scene.code(ticketID, revision: 2)))
            #expect(results == [.revoked, .admitted])
        }
    }

    @Test("A revocation that is known refuses, also after the order comes again")
    func revokedTicket() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            _ = try await scene.database.client.query("UPDATE tickets SET status = 'revoked'")
            try await scene.sell(ticketID)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.revoked])
        }
    }

    @Test("Whatever cannot be decided is refused with its reason and not stored, beside scans that can")
    func refusals() async throws {
        try await GateScene.with { scene in
            let good = scene.draft(try scene.code(TicketID(UUID())))
            var elsewhere = scene.draft("x")
            elsewhere.occurrenceID = OccurrenceID(UUID())
            let early = scene.draft("x", at: GateScene.during + .seconds(301))
            let answers = try await scene.scan(elsewhere, good, early)
            #expect(answers.map(\.refusal) == [.notFound, nil, .validationFailed])
            #expect(try await scene.count("scans") == 1)
        }
    }

    @Test("Another organisation finds no such occurrence, and its ids are its own")
    func otherOrganization() async throws {
        try await GateScene.with { scene in
            let draft = scene.draft(try scene.code(TicketID(UUID())))
            #expect(try await scene.scan(draft, as: OrganizationID(UUID()))[0].refusal == .notFound)
            #expect(try await scene.results(draft) == [.admitted])

            let other = try GateScene(database: scene.database)
            try await other.publish()
            let sameID = other.draft("nonsense", id: draft.id)
            #expect(try await other.results(sameID) == [.unknownCode])
        }
    }
}
