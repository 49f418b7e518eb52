import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Requests about events")
struct EventRequestTests {
    private func create(
        _ scene: SaleScene, _ draft: EventDraft, id: EventID = EventID(UUID())
    ) async throws
        -> Answer<EventDetails>
    {
        try await scene.ask(CreateEvent(eventID: id, draft: draft), CreateEventHandler())
    }

    @Test("A created event is a draft with its defaults, and is announced")
    func created() async throws {
        try await SaleScene.empty { scene in
            let answer = try await create(scene, EventDraft(name: "Café Concert"))
            let event = try answer.reply.get()
            #expect(event.status == .draft && event.version == 1)
            #expect(event.slug == "cafe-concert")
            #expect(event.category == .other && event.eventType == .oneTime && event.venueType == .offProperty)
            #expect(event.minCapacity == 1 && event.maxCapacity == nil)
            #expect(event.organizationID == scene.organizationID)
            #expect([answer.effects].messages(EventChanged.self) == [EventChanged(event: event)])
            #expect(try await scene.get(GetEvent(eventID: event.id), GetEventHandler()) == event)
        }
    }

    @Test("Everything that an organiser says of an event is kept")
    func complete() async throws {
        try await SaleScene.empty { scene in
            var draft = EventDraft.example
            draft.settings = .object(["recurrence": .string("Every Tuesday"), "n": .array([.integer(1), .null])])
            let event = try await create(scene, draft).reply.get()
            #expect(EventDraft(event) == draft)
        }
    }

    @Test("Creating again with the same id answers with what there is and announces nothing")
    func repeated() async throws {
        try await SaleScene.empty { scene in
            let id = EventID(UUID())
            let first = try await create(scene, EventDraft(name: "A"), id: id)
            let again = try await create(scene, EventDraft(name: "B"), id: id)
            #expect(again.reply == first.reply)
            #expect(again.effects.messages.isEmpty)
        }
    }

    @Test("A slug that is taken is a conflict; one that is made from the name finds a free one")
    func slugs() async throws {
        try await SaleScene.empty { scene in
            #expect(try await create(scene, EventDraft(name: "Jazz")).reply.get().slug == "jazz")
            #expect(try await create(scene, EventDraft(name: "Jazz")).reply.get().slug == "jazz-2")
            #expect(try await create(scene, EventDraft(name: "Jazz!")).reply.get().slug == "jazz-3")
            #expect(try await create(scene, EventDraft(name: "Blues", slug: "jazz")).refusal == .conflict)
            let other = try await scene.ask(
                CreateEvent(eventID: EventID(UUID()), draft: EventDraft(name: "Blues", slug: "jazz")),
                CreateEventHandler(), as: OrganizationID(UUID()))
            #expect(try other.reply.get().slug == "jazz")
        }
    }

    @Test("Wrong fields are refused together and nothing is created")
    func invalid() async throws {
        try await SaleScene.empty { scene in
            let answer = try await create(scene, EventDraft(name: "", maxCapacity: 0))
            guard case .failure(let problem) = answer.reply else {
                Issue.record("was not refused")
                return
            }
            #expect(problem.slug == .validationFailed)
            #expect(problem.errors?.map(\.field) == ["name", "max_capacity", "min_capacity"])
            #expect(try await scene.scalar("SELECT count(*) FROM event_definitions") == 0)
        }
    }

    @Test("An event needs a ticket type to be activated; activating again changes nothing")
    func activate() async throws {
        try await SaleScene.empty { scene in
            try await scene.get(
                CreateEvent(eventID: scene.eventID, draft: EventDraft(name: "A")), CreateEventHandler())
            let activate = ActivateEvent(eventID: scene.eventID)
            #expect(try await scene.ask(activate, ActivateEventHandler()).refusal == .ticketTypeRequired)
            try await scene.createTicketType(scene.ticketTypeID)
            let first = try await scene.ask(activate, ActivateEventHandler())
            #expect(try first.reply.get().status == .active)
            #expect([first.effects].messages(EventChanged.self).map(\.event.version) == [2])
            let again = try await scene.ask(activate, ActivateEventHandler())
            #expect(again.reply == first.reply)
            #expect(again.effects.messages.isEmpty)
        }
    }

    @Test("An archived event stays archived and takes nothing more")
    func archived() async throws {
        try await SaleScene.with { scene in
            try await scene.get(
                UpdateEvent(eventID: scene.eventID, changes: ["status": .string("archived")]), UpdateEventHandler())
            #expect(
                try await scene.ask(ActivateEvent(eventID: scene.eventID), ActivateEventHandler()).refusal == .conflict)
            await #expect(throws: Problem.self) { try await scene.createTicketType(TicketTypeID(UUID())) }
            await #expect(throws: Problem.self) { try await scene.createOccurrence(OccurrenceID(UUID())) }
        }
    }

    @Test("A change raises the version and is announced with the occurrences that show it")
    func update() async throws {
        try await SaleScene.with { scene in
            let update = UpdateEvent(eventID: scene.eventID, changes: ["name": .string("New name")])
            let answer = try await scene.ask(update, UpdateEventHandler())
            let event = try answer.reply.get()
            #expect(event.name == "New name" && event.slug == "night-of-the-proms" && event.version == 3)
            let occurrences = [answer.effects].messages(OccurrenceChanged.self)
            #expect(occurrences.map(\.occurrence.eventName) == ["New name"])
            #expect(occurrences.map(\.occurrence.version) == [3])
            let again = try await scene.ask(update, UpdateEventHandler())
            #expect(again.effects.messages.isEmpty)
            #expect(try again.reply.get() == event)
            let inside = try await scene.ask(
                UpdateEvent(eventID: scene.eventID, changes: ["settings": .object(["a": .integer(1)])]),
                UpdateEventHandler())
            #expect([inside.effects].messageNames == [EventChanged.name])
        }
    }

    @Test("A new slug may not be another event's")
    func updateSlug() async throws {
        try await SaleScene.with { scene in
            _ = try await create(scene, EventDraft(name: "Jazz"))
            func slug(_ value: JSONValue) async throws -> Answer<EventDetails> {
                try await scene.ask(UpdateEvent(eventID: scene.eventID, changes: ["slug": value]), UpdateEventHandler())
            }
            #expect(try await slug(.string("jazz")).refusal == .conflict)
            #expect(try await slug(.string("proms")).reply.get().slug == "proms")
            #expect(try await slug(.null).reply.get().slug == "night-of-the-proms")
        }
    }

    @Test("A new maximum becomes the stock of the occurrences, but never less than is taken")
    func capacity() async throws {
        try await SaleScene.with(places: 100) { scene in
            try await scene.createOccurrence(OccurrenceID(UUID()), capacity: 7)
            try await scene.hold([scene.holdCommand(quantity: 30)])
            func update(_ capacity: JSONValue) async throws -> Answer<EventDetails> {
                try await scene.ask(
                    UpdateEvent(eventID: scene.eventID, changes: ["max_capacity": capacity]), UpdateEventHandler())
            }
            #expect(try await update(.integer(29)).refusal == .validationFailed)
            #expect(try await scene.availability().capacity == 100)
            let changed = try await update(.integer(30))
            #expect(Set([changed.effects].messages(OccurrenceChanged.self).map(\.occurrence.capacity)) == [30, 7])
            #expect(try await scene.availability().available == 0)
            #expect(try await scene.hold([scene.holdCommand()]).messages(HoldRefused.self).count == 1)
            #expect(try await update(.null).reply.get().maxCapacity == nil)
            #expect(try await scene.availability().available == nil)
        }
    }

    @Test("A lowered minimum confirms the occurrences that have sold it")
    func minimum() async throws {
        try await SaleScene.with(minCapacity: 5) { scene in
            _ = try await scene.sell()
            let answer = try await scene.ask(
                UpdateEvent(eventID: scene.eventID, changes: ["min_capacity": .integer(1)]), UpdateEventHandler())
            #expect([answer.effects].messages(OccurrenceChanged.self).map(\.occurrence.status) == [.confirmed])
        }
    }

    @Test("Lists go newest first in pages, and filter by status and category")
    func list() async throws {
        try await SaleScene.empty { scene in
            var ids: [EventID] = []
            for number in 0..<5 {
                let id = EventID(try #require(UUID(uuidString: "0192f0c1-0000-7000-8000-00000000000\(number)")))
                _ = try await create(
                    scene, EventDraft(name: "E\(number)", category: number.isMultiple(of: 2) ? .tour : .dining), id: id)
                ids.append(id)
            }
            var seen: [EventID] = []
            var cursor: String?
            var pages = 0
            repeat {
                let page = try await scene.get(
                    ListEvents(page: PageRequest(limit: 2, cursor: cursor)), ListEventsHandler())
                seen += page.data.map(\.id)
                cursor = page.nextCursor
                pages += 1
            } while cursor != nil && pages < 10
            #expect(seen == ids.reversed())
            #expect(pages == 3)
            let dining = try await scene.get(
                ListEvents(page: PageRequest(), status: .draft, category: .dining), ListEventsHandler())
            #expect(dining.data.map(\.id) == [ids[3], ids[1]])
            let active = try await scene.get(ListEvents(page: PageRequest(), status: .active), ListEventsHandler())
            #expect(active.data.isEmpty)
            for page in [PageRequest(limit: 0), PageRequest(limit: 201), PageRequest(cursor: "nonsense")] {
                #expect(try await scene.ask(ListEvents(page: page), ListEventsHandler()).refusal == .validationFailed)
            }
        }
    }
}
