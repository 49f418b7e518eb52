import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Requests about occurrences and ticket types")
struct OccurrenceRequestTests {
    @Test("An occurrence takes its capacity from the event or its own override, and is announced")
    func created() async throws {
        try await SaleScene.with(places: 100) { scene in
            let id = OccurrenceID(UUID())
            let request = CreateOccurrence(
                occurrenceID: id, eventID: scene.eventID,
                draft: OccurrenceDraft(
                    startAt: SaleScene.startAt, endAt: SaleScene.endAt, timezone: "Europe/Amsterdam",
                    occurrenceName: "Matinee", capacityOverride: 12, settings: .object(["a": .bool(true)])))
            let handler = CreateOccurrenceHandler(secret: scene.secret)
            let answer = try await scene.ask(request, handler)
            let occurrence = try answer.reply.get()
            #expect(occurrence.capacity == 12 && occurrence.capacityOverride == 12 && occurrence.seatsAvailable == 12)
            #expect(occurrence.seatsSold == 0 && occurrence.version == 1 && occurrence.status == .scheduled)
            #expect(occurrence.admissionOpensAt == SaleScene.startAt)
            #expect(occurrence.eventName == "Night of the Proms" && occurrence.occurrenceName == "Matinee")
            #expect(Data(base64Encoded: occurrence.publicKey)?.count == 32)
            #expect(
                [answer.effects].messages(OccurrenceChanged.self)
                    == [OccurrenceChanged(occurrence: occurrence, eventStatus: .active)])
            let again = try await scene.ask(request, handler)
            #expect(try again.reply.get() == occurrence)
            #expect(again.effects.messages.isEmpty)
            let inherited = try await scene.get(
                GetOccurrence(occurrenceID: scene.occurrenceID), GetOccurrenceHandler())
            #expect(inherited.capacity == 100 && inherited.capacityOverride == nil)
            #expect(inherited.publicKey != occurrence.publicKey)
        }
    }

    @Test("Wrong fields and unknown events are refused")
    func refused() async throws {
        try await SaleScene.with { scene in
            let handler = CreateOccurrenceHandler(secret: scene.secret)
            let wrong = OccurrenceDraft(startAt: SaleScene.endAt, endAt: SaleScene.startAt, timezone: "Nowhere")
            let right = OccurrenceDraft(startAt: SaleScene.startAt, endAt: SaleScene.endAt, timezone: "UTC")
            func refusal(
                _ draft: OccurrenceDraft, event: EventID, as organizationID: OrganizationID? = nil
            ) async throws
                -> Problem.Slug?
            {
                try await scene.ask(
                    CreateOccurrence(occurrenceID: OccurrenceID(UUID()), eventID: event, draft: draft), handler,
                    as: organizationID
                ).refusal
            }
            let refusals = [
                try await refusal(wrong, event: scene.eventID), try await refusal(right, event: EventID(UUID())),
                try await refusal(right, event: scene.eventID, as: OrganizationID(UUID())),
            ]
            #expect(refusals == [.validationFailed, .notFound, .notFound])
        }
    }

    @Test("A ticket type that comes after the occurrence has stock there, and the other way round")
    func bothOrders() async throws {
        try await SaleScene.with { scene in
            let late = TicketTypeID(UUID())
            try await scene.createTicketType(late, quantity: 3)
            let occurrence = OccurrenceID(UUID())
            try await scene.createOccurrence(occurrence)
            for id in [scene.occurrenceID, occurrence] {
                let available = try await scene.get(GetAvailability(occurrenceID: id), GetAvailabilityHandler())
                #expect(Set(available.ticketTypes.map(\.id)) == [scene.ticketTypeID, late])
                #expect(available.ticketTypes.first { $0.id == late }?.available == 3)
            }
        }
    }

    @Test("An occurrence and a ticket type that are created at the same time both have stock of each other")
    func atTheSameTime() async throws {
        try await SaleScene.with { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await scene.createTicketType(TicketTypeID(UUID())) }
                    group.addTask { try await scene.createOccurrence(OccurrenceID(UUID())) }
                }
                try await group.waitForAll()
            }
            // 7 ticket types and the whole at each of 7 occurrences.
            #expect(try await scene.scalar("SELECT count(*) FROM inventory_pools") == 8 * 7)
        }
    }

    @Test("Availability says what is left, for types never more than for the occurrence")
    func availability() async throws {
        try await SaleScene.with(places: 10, quantity: 50) { scene in
            try await scene.hold([scene.holdCommand(quantity: 3)])
            _ = try await scene.sell()
            var available = try await scene.availability()
            #expect(available.capacity == 10 && available.reserved == 3 && available.sold == 1)
            #expect(available.available == 6)
            #expect(available.ticketTypes.map(\.available) == [6])
            #expect(available.ticketTypes.map(\.status) == [.active])
            #expect(available.ticketTypes.map(\.priceCents) == [2500])
            try await scene.hold([scene.holdCommand(quantity: 6)])
            available = try await scene.availability()
            #expect(available.available == 0 && available.ticketTypes.map(\.status) == [.soldOut])
        }
    }

    @Test("A batch of availability requests is answered one by one, unknown ones with a refusal")
    func availabilityBatch() async throws {
        try await SaleScene.with { scene in
            let answers = try await scene.database.ask(
                [scene.occurrenceID, OccurrenceID(UUID()), scene.occurrenceID].map {
                    GetAvailability(occurrenceID: $0)
                },
                of: GetAvailabilityHandler(), organizationID: scene.organizationID, at: SaleScene.now)
            #expect(answers.map(\.refusal) == [nil, .notFound, nil])
            let foreign = try await scene.ask(
                GetAvailability(occurrenceID: scene.occurrenceID), GetAvailabilityHandler(), as: OrganizationID(UUID()))
            #expect(foreign.refusal == .notFound)
        }
    }

    @Test("An event's occurrences are listed by their start, in pages")
    func list() async throws {
        try await SaleScene.with { scene in
            var expected = [scene.occurrenceID]
            for day in [3, 1, 2] {
                let id = OccurrenceID(UUID())
                let start = SaleScene.startAt + .seconds(day * 86_400)
                try await scene.createOccurrence(id, startAt: start, endAt: start + .seconds(60))
                expected.append(id)
            }
            expected = [expected[0], expected[2], expected[3], expected[1]]
            let first = try await scene.get(
                ListOccurrences(eventID: scene.eventID, page: PageRequest(limit: 3)), ListOccurrencesHandler())
            let rest = try await scene.get(
                ListOccurrences(eventID: scene.eventID, page: PageRequest(limit: 3, cursor: first.nextCursor)),
                ListOccurrencesHandler())
            #expect((first.data + rest.data).map(\.id) == expected)
            #expect(rest.nextCursor == nil)
            let unknown = try await scene.ask(
                ListOccurrences(eventID: EventID(UUID()), page: PageRequest()), ListOccurrencesHandler())
            #expect(unknown.refusal == .notFound)
        }
    }

    @Test("A created ticket type is active with its defaults, announced once, and listed newest first")
    func ticketType() async throws {
        try await SaleScene.empty { scene in
            try await scene.get(
                CreateEvent(eventID: scene.eventID, draft: EventDraft(name: "A")), CreateEventHandler())
            let request = CreateTicketType(
                ticketTypeID: scene.ticketTypeID, eventID: scene.eventID,
                draft: TicketTypeDraft(name: "Standing", priceCents: 0))
            let answer = try await scene.ask(request, CreateTicketTypeHandler())
            let type = try answer.reply.get()
            #expect(type.status == .active && type.version == 1 && type.tier == .general && type.currency == .usd)
            #expect(type.minQuantity == 1 && type.maxQuantity == 10 && type.quantitySold == 0)
            #expect([answer.effects].messages(TicketTypeChanged.self).map(\.ticketType) == [type])
            let again = try await scene.ask(request, CreateTicketTypeHandler())
            #expect(try again.reply.get() == type)
            #expect(again.effects.messages.isEmpty)
            let newer = TicketTypeID(try #require(UUID(uuidString: "ffffffff-0000-7000-8000-000000000000")))
            try await scene.createTicketType(newer)
            let list = try await scene.get(
                ListTicketTypes(eventID: scene.eventID, page: PageRequest()), ListTicketTypesHandler())
            #expect(list.data.map(\.id) == [newer, scene.ticketTypeID])
        }
    }

    @Test("A changed quantity becomes the stock everywhere, but never less than is taken")
    func quantity() async throws {
        try await SaleScene.with(places: 100, quantity: 10) { scene in
            try await scene.hold([scene.holdCommand(quantity: 4)])
            func update(_ quantity: Int) async throws -> Answer<TicketTypeDetails> {
                try await scene.ask(
                    UpdateTicketType(
                        ticketTypeID: scene.ticketTypeID, changes: ["quantity_available": .integer(quantity)]),
                    UpdateTicketTypeHandler())
            }
            #expect(try await update(3).refusal == .validationFailed)
            let soldOut = try await update(4).reply.get()
            #expect(soldOut.status == .soldOut && soldOut.quantitySold == 4 && soldOut.version == 2)
            #expect(try await scene.hold([scene.holdCommand()]).messages(HoldRefused.self).count == 1)
            #expect(try await update(5).reply.get().status == .active)
            #expect(try await scene.hold([scene.holdCommand()]).messages(TicketsHeld.self).count == 1)
        }
    }

    @Test("A later end of sale brings an expired ticket type back")
    func revived() async throws {
        try await SaleScene.with { scene in
            func update(_ changes: [String: JSONValue]) async throws -> TicketTypeDetails {
                try await scene.get(
                    UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: changes), UpdateTicketTypeHandler())
            }
            #expect(try await update(["valid_until": .string("\(SaleScene.now)")]).status == .expired)
            #expect(try await update(["valid_until": .null]).status == .active)
            #expect(try await update(["status": .string("disabled")]).status == .disabled)
            #expect(try await update(["name": .string("Other")]).status == .disabled)
            #expect(try await update(["status": .string("active")]).status == .active)
            let unknown = try await scene.ask(
                UpdateTicketType(ticketTypeID: TicketTypeID(UUID()), changes: [:]), UpdateTicketTypeHandler())
            #expect(unknown.refusal == .notFound)
        }
    }
}
