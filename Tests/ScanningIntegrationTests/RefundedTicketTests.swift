import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Scanning

@Suite("Refunded tickets at a gate")
struct RefundedTicketTests {
    @Test("A ticket whose refund is prepared is revoked, and no other one")
    func prepared() async throws {
        try await GateScene.with { scene in
            let (refunded, kept) = (TicketID(UUID()), TicketID(UUID()))
            try await scene.sell(refunded, kept)
            try await scene.prepareRefund(of: refunded, version: 2)
            let results = try await scene.results(
                scene.draft(try scene.code(refunded)), scene.draft(try scene.code(kept)),
                scene.draft(try scene.code(refunded), .out))
            #expect(results == [.revoked, .admitted, .revoked])
        }
    }

    @Test("A refund that is off lets the ticket in again, until the next one")
    func abandoned() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let code = try scene.code(ticketID)
            try await scene.sell(ticketID)
            try await scene.prepareRefund(of: ticketID, version: 2)
            try await scene.abandonRefund(of: ticketID, version: 3)
            #expect(try await scene.results(scene.draft(code), scene.draft(code, .out)) == [.admitted, .exited])
            try await scene.prepareRefund(of: ticketID, version: 4)
            #expect(try await scene.results(scene.draft(code)) == [.revoked])
        }
    }

    @Test("Words count by their version, not by their arrival")
    func outOfOrder() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let code = try scene.code(ticketID)
            try await scene.sell(ticketID)
            try await scene.abandonRefund(of: ticketID, version: 3)
            try await scene.prepareRefund(of: ticketID, version: 2)
            #expect(try await scene.results(scene.draft(code), scene.draft(code, .out)) == [.admitted, .exited])
            try await scene.completeRefund(of: ticketID, version: 5)
            try await scene.prepareRefund(of: ticketID, version: 4)
            try await scene.abandonRefund(of: ticketID, version: 3)
            #expect(try await scene.results(scene.draft(code)) == [.revoked])
        }
    }

    @Test("A revocation that comes before its order is kept and wins; the order fills in the names, once or twice")
    func beforeOrder() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.prepareRefund(of: ticketID, version: 2)
            for _ in 0..<2 {
                try await scene.sell(ticketID)
                let answer = try await scene.answer(scene.draft(try scene.code(ticketID)))
                #expect(answer.result == .revoked)
                #expect(answer.ticket?.holderName == "Ada Lovelace")
            }
        }
    }

    @Test("A completed refund revokes by itself, should its preparation never arrive")
    func preparationLost() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            try await scene.completeRefund(of: ticketID, version: 3)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.revoked])
        }
    }

    @Test("A refund of an amount takes no ticket back")
    func amount() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            try await scene.prepareRefund(version: 2)
            try await scene.completeRefund(version: 3)
            try await scene.abandonRefund(version: 4)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.admitted])
        }
    }

    @Test("Whoever is inside may leave with a refunded ticket, and does not come back in")
    func leaving() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            let code = try scene.code(ticketID)
            try await scene.sell(ticketID)
            #expect(try await scene.results(scene.draft(code)) == [.admitted])
            try await scene.prepareRefund(of: ticketID, version: 2)
            let results = try await scene.results(scene.draft(code), scene.draft(code, .out), scene.draft(code))
            #expect(results == [.revoked, .exited, .revoked])
        }
    }

    @Test("A scan id keeps its answer, also when the ticket was revoked between two identical requests")
    func repetition() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            let draft = scene.draft(try scene.code(ticketID))
            let first = try await scene.answer(draft)
            try await scene.prepareRefund(of: ticketID, version: 2)
            #expect(try await scene.answer(draft) == first)
            #expect(first.result == .admitted)
            let refused = scene.draft(try scene.code(ticketID))
            let second = try await scene.answer(refused)
            try await scene.abandonRefund(of: ticketID, version: 3)
            #expect(try await scene.answer(refused) == second)
            #expect(second.result == .revoked)
        }
    }

    @Test("A canceled occurrence is closed, whether its tickets are refunded by then or not")
    func canceledOccurrence() async throws {
        try await GateScene.with { scene in
            let (refunded, waiting) = (TicketID(UUID()), TicketID(UUID()))
            try await scene.sell(refunded, waiting)
            try await scene.publish(version: 2) { $0.status = .canceled }
            try await scene.prepareRefund(of: refunded, version: 2)
            let results = try await scene.results(
                scene.draft(try scene.code(refunded)), scene.draft(try scene.code(waiting)))
            #expect(results == [.closed, .closed])
        }
    }

    @Test("Another organisation's word about a ticket changes nothing")
    func otherOrganization() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            var refund = RefundPrepared.example
            refund.occurrenceID = scene.occurrenceID
            refund.ticketIDs = [ticketID]
            refund.orderVersion = 9
            try await scene.database.deliver(
                [refund], to: RefundPreparedHandler(), organizationID: OrganizationID(UUID()), at: GateScene.opensAt)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.admitted])
        }
    }

    @Test("Scans and revocations of the same tickets at once: every scan is answered, and the revocations stand")
    func concurrency() async throws {
        try await GateScene.with { scene in
            let ticketIDs = (0..<20).map { _ in TicketID(UUID()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for ticketID in ticketIDs {
                    let draft = scene.draft(try scene.code(ticketID))
                    group.addTask {
                        let result = try await scene.answer(draft).result
                        #expect([.admitted, .revoked].contains(result))
                    }
                    group.addTask { try await scene.prepareRefund(of: ticketID, version: 2) }
                }
                try await group.waitForAll()
            }
            for ticketID in ticketIDs {
                #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.revoked])
            }
        }
    }
}
