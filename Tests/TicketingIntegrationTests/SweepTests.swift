import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("What time itself causes")
struct SweepTests {
    private func progress(_ scene: SaleScene, at now: Timestamp) async throws -> [OccurrenceDetails] {
        let result = try await scene.database.run(OccurrenceProgressSweep(), at: now)
        #expect(!result.hasMore)
        let isAddressed = result.effects.messages.allSatisfy { $0.organizationID == scene.organizationID }
        #expect(isAddressed)
        return [result.effects].messages(OccurrenceChanged.self).map(\.occurrence)
    }

    private func statuses(_ scene: SaleScene, at now: Timestamp = SaleScene.now) async throws -> [TicketTypeDetails] {
        let result = try await scene.database.run(TicketTypeStatusSweep(), at: now)
        let isAddressed = result.effects.messages.allSatisfy { $0.organizationID == scene.organizationID }
        #expect(isAddressed)
        return [result.effects].messages(TicketTypeChanged.self).map(\.ticketType)
    }

    @Test("An occurrence is in progress from its start and completed from its end, each announced once")
    func progresses() async throws {
        try await SaleScene.with { scene in
            #expect(try await progress(scene, at: SaleScene.startAt - .milliseconds(1)).isEmpty)
            let started = try await progress(scene, at: SaleScene.startAt)
            #expect(started.map(\.status) == [.inProgress] && started.map(\.version) == [3])
            #expect(try await progress(scene, at: SaleScene.startAt).isEmpty)
            let ended = try await progress(scene, at: SaleScene.endAt)
            #expect(ended.map(\.status) == [.completed] && ended.map(\.version) == [4])
            #expect(try await progress(scene, at: SaleScene.endAt + .seconds(1)).isEmpty)
        }
    }

    @Test("An occurrence that nobody looked at in time is completed at once; a canceled one stays canceled")
    func overdue() async throws {
        try await SaleScene.with { scene in
            let canceled = OccurrenceID(UUID())
            try await scene.createOccurrence(canceled)
            _ = try await scene.database.client.query(
                "UPDATE event_occurrences SET status = 'canceled', canceled_at = now() WHERE id = \(canceled)")
            let moved = try await progress(scene, at: SaleScene.endAt)
            #expect(moved.map(\.id) == [scene.occurrenceID] && moved.map(\.status) == [.completed])
        }
    }

    @Test("A ticket type expires at the end of its sale, once")
    func expires() async throws {
        try await SaleScene.with { scene in
            let id = TicketTypeID(UUID())
            let until = SaleScene.now + .seconds(60)
            try await scene.createTicketType(id, validUntil: until)
            #expect(try await statuses(scene, at: until - .milliseconds(1)).isEmpty)
            let expired = try await statuses(scene, at: until)
            #expect(expired.map(\.id) == [id] && expired.map(\.status) == [.expired] && expired.map(\.version) == [2])
            #expect(try await statuses(scene, at: until).isEmpty)
        }
    }

    @Test("A ticket type is sold out when its last ticket is held, and active when one comes back")
    func soldOut() async throws {
        try await SaleScene.with(places: 10, quantity: 2) { scene in
            let commands = [scene.holdCommand(), scene.holdCommand()]
            try await scene.hold([commands[0]])
            #expect(try await statuses(scene).isEmpty)
            try await scene.hold([commands[1]])
            let soldOut = try await statuses(scene)
            #expect(soldOut.map(\.status) == [.soldOut] && soldOut.map(\.quantitySold) == [2])
            #expect(try await statuses(scene).isEmpty)
            try await scene.release([scene.releaseCommand(commands[0].orderID)])
            #expect(try await statuses(scene).map(\.status) == [.active])
        }
    }

    @Test("A full occurrence sells all its types out, until another occurrence has places or the full one is over")
    func severalOccurrences() async throws {
        try await SaleScene.with(places: 1) { scene in
            try await scene.hold([scene.holdCommand()])
            #expect(try await statuses(scene).map(\.status) == [.soldOut])
            let start = SaleScene.startAt + .seconds(86_400)
            let second = OccurrenceID(UUID())
            try await scene.createOccurrence(second, startAt: start, endAt: start + .seconds(60))
            #expect(try await statuses(scene).map(\.status) == [.active])
            var command = scene.holdCommand()
            command.occurrenceID = second
            try await scene.hold([command])
            #expect(try await statuses(scene).map(\.status) == [.soldOut])
            _ = try await progress(scene, at: start + .seconds(60))
            // Nothing sells any more, so that nothing is sold out.
            #expect(try await statuses(scene, at: start + .seconds(60)).map(\.status) == [.active])
        }
    }

    @Test("A disabled ticket type stays disabled whatever its stock")
    func disabled() async throws {
        try await SaleScene.with(places: 1) { scene in
            try await scene.hold([scene.holdCommand()])
            try await scene.get(
                UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: ["status": .string("disabled")]),
                UpdateTicketTypeHandler())
            #expect(try await statuses(scene).isEmpty)
        }
    }

    @Test("A change of an event with very many occurrences announces the first hundred at once and the sweep the rest")
    func announcements() async throws {
        try await SaleScene.with { scene in
            for number in 1..<105 {
                let start = SaleScene.startAt + .seconds(number * 86_400)
                try await scene.createOccurrence(OccurrenceID(UUID()), startAt: start, endAt: start + .seconds(60))
            }
            let answer = try await scene.ask(
                UpdateEvent(eventID: scene.eventID, changes: ["name": .string("New name")]), UpdateEventHandler())
            let first = [answer.effects].messages(OccurrenceChanged.self).map(\.occurrence)
            #expect(first.count == 100)
            #expect(first.contains { $0.id == scene.occurrenceID })
            let result = try await scene.database.run(OccurrenceAnnouncementSweep(), at: SaleScene.now)
            let rest = [result.effects].messages(OccurrenceChanged.self).map(\.occurrence)
            #expect(rest.count == 5)
            #expect(Set((first + rest).map(\.id)).count == 105)
            #expect((first + rest).allSatisfy { $0.eventName == "New name" })
            let again = try await scene.database.run(OccurrenceAnnouncementSweep(), at: SaleScene.now)
            #expect(again.effects.messages.isEmpty)
        }
    }
}
