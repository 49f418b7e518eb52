import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Analytics

@Suite("Events that reports name")
struct EventNameTests {
    private func event(_ id: EventID, version: Int, name: String) -> EventChanged {
        var event = EventDetails.example
        event.id = id
        event.version = version
        event.name = name
        return EventChanged(event: event)
    }

    private func names(_ database: ServiceDatabase) async throws -> [String] {
        try await database.client.query("SELECT name FROM events ORDER BY name").decode(String.self)
    }

    @Test("The newest version of an event stands, however often and late the others come")
    func newestStands() async throws {
        try await ReportScene.with { scene in
            let id = EventID(UUID())
            try await scene.tell(EventChangedHandler(), event(id, version: 2, name: "Second"))
            try await scene.tell(
                EventChangedHandler(), event(id, version: 1, name: "First"), event(id, version: 3, name: "Third"))
            try await scene.tell(EventChangedHandler(), event(id, version: 3, name: "Again"))
            #expect(try await names(scene.database) == ["Third"])
        }
    }

    @Test("An event of one organisation is not changed by another one's message")
    func foreignEvent() async throws {
        try await ReportScene.with { scene in
            let id = EventID(UUID())
            try await scene.tell(EventChangedHandler(), event(id, version: 1, name: "Ours"))
            try await scene.database.deliver(
                [event(id, version: 9, name: "Theirs")], to: EventChangedHandler(),
                organizationID: OrganizationID(UUID()), at: ReportScene.now)
            #expect(try await names(scene.database) == ["Ours"])
        }
    }
}
