import Contracts
import Testing

@testable import Ticketing

@Suite("Changing by JSON Merge Patch")
struct PatchTests {
    private var ticketType: TicketTypeDetails {
        var type = TicketTypeDetails.example
        type.validUntil = type.validFrom.map { $0 + .seconds(60) }
        return type
    }

    @Test("Named fields change, null removes, and everything else stays")
    func fields() throws {
        let patch = try EventPatch(
            [
                "name": .string("New"), "description": .null, "max_capacity": .integer(20),
                "category": .string("dining"),
                "status": .string("paused"),
            ], of: .example)
        let changed = patch.applied(to: .example)
        var expected = EventDetails.example
        expected.name = "New"
        expected.description = nil
        expected.maxCapacity = 20
        expected.category = .dining
        expected.status = .paused
        #expect(changed == expected)
    }

    @Test("Nothing changes nothing")
    func empty() throws {
        #expect(try EventPatch([:], of: .example).applied(to: .example) == .example)
        #expect(try TicketTypePatch([:], of: ticketType).applied(to: ticketType) == ticketType)
    }

    @Test("Objects are merged member by member (RFC 7396)")
    func merge() throws {
        var event = EventDetails.example
        event.settings = .object([
            "a": .integer(1), "b": .object(["c": .integer(2), "d": .integer(3)]), "e": .string("f"),
        ])
        let patch = try EventPatch(
            [
                "settings": .object([
                    "a": .null, "b": .object(["d": .null, "g": .array([.null])]), "e": .object(["h": .bool(true)]),
                ])
            ],
            of: event)
        #expect(
            patch.draft.settings
                == .object(["b": .object(["c": .integer(2), "g": .array([.null])]), "e": .object(["h": .bool(true)])]))
    }

    @Test("Null gives back the default where there is one")
    func defaults() throws {
        let patch = try EventPatch(["category": .null, "min_capacity": .null, "settings": .null], of: .example)
        let changed = patch.applied(to: .example)
        #expect(changed.category == .other)
        #expect(changed.minCapacity == 1)
        #expect(changed.settings == .object([:]))
    }

    @Test("Every wrong field is named: unknown ones, wrong kinds and wrong values")
    func wrong() throws {
        let error = #expect(throws: Problem.self) {
            try EventPatch(
                [
                    "id": .string("x"), "name": .null, "max_capacity": .string("many"), "status": .string("draft"),
                    "category": .string("war"), "duration_minutes": .integer(0),
                ], of: .example)
        }
        #expect(error?.slug == .validationFailed)
        #expect(
            Set(error?.errors?.map(\.field) ?? [])
                == ["id", "name", "max_capacity", "status", "category", "duration_minutes"])
    }

    @Test("A ticket type can be disabled and activated, and nothing else")
    func ticketTypeStatuses() throws {
        #expect(try TicketTypePatch(["status": .string("disabled")], of: ticketType).isDisabled)
        var disabled = ticketType
        disabled.status = .disabled
        #expect(try TicketTypePatch([:], of: disabled).isDisabled)
        #expect(try !TicketTypePatch(["status": .string("active")], of: disabled).isDisabled)
        #expect(throws: Problem.self) { try TicketTypePatch(["status": .string("sold_out")], of: ticketType) }
    }

    @Test("Times, currencies and prices of a ticket type are read as the API writes them")
    func ticketTypeFields() throws {
        let patch = try TicketTypePatch(
            [
                "valid_from": .string("2026-01-01T00:00:00+02:00"), "valid_until": .null, "currency": .string("EUR"),
                "price_cents": .integer(1), "quantity_available": .null,
            ], of: ticketType)
        #expect(patch.draft.validFrom?.description == "2025-12-31T22:00:00.000Z")
        #expect(patch.draft.validUntil == nil)
        #expect(patch.draft.currency == .eur)
        #expect(patch.draft.priceCents == 1)
        #expect(patch.draft.quantityAvailable == nil)
        let error = #expect(throws: Problem.self) {
            try TicketTypePatch(
                ["valid_from": .string("tomorrow"), "currency": .string("eur"), "price_cents": .number(1.5)],
                of: ticketType)
        }
        #expect(Set(error?.errors?.map(\.field) ?? []) == ["valid_from", "currency", "price_cents"])
    }
}
