import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Holding tickets")
struct HoldTicketsTests {
    @Test("A hold reserves its tickets at the price of the moment and says so")
    func held() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand(quantity: 3)
            let effects = try await scene.hold([command])
            let held = try #require(effects.messages(TicketsHeld.self).first)
            #expect(effects.messageNames == [TicketsHeld.name])
            #expect(held.orderID == command.orderID && held.checkoutID == command.checkoutID)
            #expect(held.tickets.count == 3 && Set(held.tickets.map(\.id)).count == 3)
            #expect(held.quote.totalCents == 7500 && held.quote.currency == .zar)
            #expect(held.expiresAt == SaleScene.expiresAt)
            #expect(try await scene.statuses(of: command.orderID) == ["reserved", "reserved", "reserved", "reserved"])
            #expect(try await scene.stock() == [3, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The same hold again changes nothing and is answered the same, alone and within one batch")
    func duplicate() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand(quantity: 2)
            let first = try await scene.hold([command, command]).messages(TicketsHeld.self)
            let again = try await scene.hold([command], at: SaleScene.now + .seconds(5)).messages(TicketsHeld.self)
            #expect(first.count == 2 && again.count == 1)
            #expect(Set((first + again).map { "\($0)" }).count == 1)
            #expect(try await scene.stock() == [2, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A hold that comes after its order's end is refused; one after its completion is answered as at first")
    func late() async throws {
        try await SaleScene.with { scene in
            let ended = scene.holdCommand()
            try await scene.hold([ended])
            try await scene.release([scene.releaseCommand(ended.orderID)])
            let refused = try await scene.hold([ended]).messages(HoldRefused.self)
            #expect(refused.map(\.reason) == [.salesClosed])

            let sold = scene.holdCommand()
            let held = try await scene.hold([sold]).messages(TicketsHeld.self)
            try await scene.confirm([scene.confirmCommand(sold.orderID)])
            #expect(try await scene.hold([sold]).messages(TicketsHeld.self) == held)
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("Too few places refuse the whole hold and say what is left; smaller holds after it still fit")
    func soldOut() async throws {
        try await SaleScene.with(places: 5) { scene in
            let commands = [4, 2, 1, 1].map { scene.holdCommand(quantity: $0) }
            let effects = try await scene.hold(commands)
            #expect(effects.messageNames == [TicketsHeld.name, HoldRefused.name, TicketsHeld.name, HoldRefused.name])
            let refused = effects.messages(HoldRefused.self)
            #expect(refused.map(\.reason) == [.soldOut, .soldOut])
            #expect(refused.map(\.detail) == ["Only 1 place is left.", "No places are left."])
            #expect(try await scene.stock() == [5, 0])
            #expect(try await scene.statuses(of: commands[1].orderID).isEmpty)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A ticket type's own quantity limits it although the occurrence has places")
    func typeSoldOut() async throws {
        try await SaleScene.with(places: 100, quantity: 2) { scene in
            let effects = try await scene.hold([scene.holdCommand(quantity: 3)])
            #expect(
                effects.messages(HoldRefused.self).map(\.detail) == ["Only 2 tickets \"General Admission\" are left."])
        }
    }

    @Test("Unlimited places are unlimited")
    func unlimited() async throws {
        try await SaleScene.with(places: nil) { scene in
            let effects = try await scene.hold((0..<20).map { _ in scene.holdCommand(quantity: 100) })
            #expect(effects.messages(TicketsHeld.self).count == 20)
            #expect(try await scene.availability().available == nil)
            #expect(try await scene.stock() == [2000, 0])
        }
    }

    @Test("Unknown occurrences and those of other organisations are not found")
    func notFound() async throws {
        try await SaleScene.with { scene in
            var command = scene.holdCommand()
            command.occurrenceID = OccurrenceID(UUID())
            let foreign = try await scene.hold([scene.holdCommand()], as: OrganizationID(UUID()))
            let unknown = try await scene.hold([command])
            #expect((foreign + unknown).messages(HoldRefused.self).map(\.reason) == [.notFound, .notFound])
            #expect(try await scene.stock() == [0, 0])
        }
    }

    @Test("Another organisation learns nothing of an order by naming its id")
    func foreignOrder() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand()
            try await scene.hold([command])
            let answer = try await scene.hold([command], as: OrganizationID(UUID()))
            #expect(answer.messages(HoldRefused.self).map(\.reason) == [.notFound])
        }
    }

    @Test("What the organiser closes sells no more: a paused event, a disabled type, a suspended organisation")
    func closed() async throws {
        try await SaleScene.with { scene in
            func reason() async throws -> HoldRefusal? {
                try await scene.hold([scene.holdCommand()]).messages(HoldRefused.self).first?.reason
            }
            try await scene.get(
                UpdateEvent(eventID: scene.eventID, changes: ["status": .string("paused")]), UpdateEventHandler())
            #expect(try await reason() == .salesClosed)
            try await scene.get(ActivateEvent(eventID: scene.eventID), ActivateEventHandler())
            #expect(try await reason() == nil)
            try await scene.get(
                UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: ["status": .string("disabled")]),
                UpdateTicketTypeHandler())
            #expect(try await reason() == .salesClosed)
            try await scene.get(
                UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: ["status": .string("active")]),
                UpdateTicketTypeHandler())
            #expect(try await reason() == nil)
            var organization = OrganizationChanged.example
            organization.organizationID = scene.organizationID
            organization.status = .suspended
            try await scene.database.deliver(
                [organization], to: OrganizationChangedHandler(), organizationID: nil, at: SaleScene.now)
            #expect(try await reason() == .salesClosed)
        }
    }

    @Test("A changed price holds for the next order, not for the one that is held")
    func frozenPrice() async throws {
        try await SaleScene.with { scene in
            let before = scene.holdCommand()
            try await scene.hold([before])
            try await scene.get(
                UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: ["price_cents": .integer(9900)]),
                UpdateTicketTypeHandler())
            let after = try await scene.hold([scene.holdCommand()]).messages(TicketsHeld.self)
            let again = try await scene.hold([before]).messages(TicketsHeld.self)
            #expect(after.map(\.quote.totalCents) == [9900])
            #expect(again.map(\.quote.totalCents) == [2500])
        }
    }

    @Test("Attendees are kept with all they said; the rest is the buyer's")
    func attendees() async throws {
        try await SaleScene.with { scene in
            let grace = AttendeeDraft(
                givenName: "Grace", familyName: "Hopper", phone: "+1", emergencyContact: .object(["a": .integer(1)]),
                dietaryRestrictions: ["vegan", "no nuts"], accessibilityNeeds: [], notes: "Front row")
            let command = scene.holdCommand(quantity: 3, attendees: [grace])
            try await scene.hold([command])
            let order = try await scene.get(GetOrder(orderID: command.orderID), GetOrderHandler())
            #expect(order.tickets.map(\.holderName) == ["Grace Hopper", "Ada Lovelace", "Ada Lovelace"])
            let row = try await scene.database.client.query(
                """
                SELECT email, dietary_restrictions, accessibility_needs, emergency_contact->>'a', notes
                FROM attendees WHERE given_name = 'Grace'
                """
            ).decodeOne((String, [String], [String], String, String).self)
            #expect(row.0 == "ada@example.org")
            #expect(row.1 == ["vegan", "no nuts"])
            #expect(row.2.isEmpty)
            #expect(row.3 == "1" && row.4 == "Front row")
            #expect(try await scene.scalar("SELECT count(*) FROM attendees") == 2)
        }
    }

    @Test("One batch may hold tickets of several organisations and occurrences")
    func severalOrganizations() async throws {
        try await SaleScene.with(places: 1) { scene in
            let other = OrganizationID(UUID())
            let eventID = EventID(UUID())
            let occurrenceID = OccurrenceID(UUID())
            let typeID = TicketTypeID(UUID())
            try await scene.get(
                CreateEvent(eventID: eventID, draft: EventDraft(name: "Other", maxCapacity: 2)), CreateEventHandler(),
                as: other)
            try await scene.get(
                CreateTicketType(
                    ticketTypeID: typeID, eventID: eventID, draft: TicketTypeDraft(name: "Any", priceCents: 0)),
                CreateTicketTypeHandler(), as: other)
            try await scene.get(
                CreateOccurrence(
                    occurrenceID: occurrenceID, eventID: eventID,
                    draft: OccurrenceDraft(startAt: SaleScene.startAt, endAt: SaleScene.endAt, timezone: "UTC")),
                CreateOccurrenceHandler(secret: scene.secret), as: other)
            try await scene.get(ActivateEvent(eventID: eventID), ActivateEventHandler(), as: other)
            var theirs = scene.holdCommand(quantity: 2, type: typeID)
            theirs.occurrenceID = occurrenceID
            var mixed = scene.holdCommand(type: typeID)
            mixed.orderID = OrderID(UUID())
            let received = [
                (scene.holdCommand(), scene.organizationID), (theirs, other), (mixed, scene.organizationID),
            ].map { command, organizationID in
                Received(
                    envelope: Envelope(
                        id: UUID(), type: HoldTickets.name, occurredAt: SaleScene.now, organizationID: organizationID,
                        appID: "tests"), body: command)
            }
            let effects = try await scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                try HoldTicketsHandler().handle(received, in: $0, at: MomentSource.system(at: SaleScene.now))
            }
            #expect(effects.messageNames == [TicketsHeld.name, TicketsHeld.name, HoldRefused.name])
            #expect(effects.messages(HoldRefused.self).map(\.reason) == [.invalidItems])
            try await scene.expectPoolsToEqualTickets()
        }
    }
}

extension MomentSource {
    /// A moment at a fixed time with real randomness.
    static func system(at now: Timestamp) -> Moment {
        Moment(now: now) {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }
}
