import Contracts
import Testing

@testable import Ticketing

@Suite("What is wrong with a draft")
struct DraftValidationTests {
    private func fields(_ body: (inout FieldChecks) -> Void) -> [String] {
        var checks = FieldChecks()
        body(&checks)
        return checks.errors.map(\.field)
    }

    private func fields(_ draft: EventDraft) -> [String] { fields { draft.check(&$0) } }
    private func fields(_ draft: OccurrenceDraft) -> [String] { fields { draft.check(&$0) } }
    private func fields(_ draft: TicketTypeDraft) -> [String] { fields { draft.check(&$0) } }

    @Test("The smallest drafts are right")
    func smallest() {
        #expect(fields(EventDraft(name: "A")).isEmpty)
        #expect(fields(TicketTypeDraft(name: "A", priceCents: 0)).isEmpty)
        let start = Timestamp.example
        #expect(fields(OccurrenceDraft(startAt: start, endAt: start + .milliseconds(1), timezone: "UTC")).isEmpty)
    }

    @Test("Everything that is wrong with an event is said at once, in the names of the API")
    func event() {
        let draft = EventDraft(
            name: " ", slug: "Not a slug", durationMinutes: 0, venueName: "", venueAddress: .string("Here"),
            organizerContact: .array([]), maxCapacity: 0, minCapacity: 0, settings: .integer(1))
        #expect(
            fields(draft) == [
                "name", "slug", "duration_minutes", "venue_name", "venue_address", "organizer_contact", "max_capacity",
                "min_capacity", "settings",
            ])
    }

    @Test("A minimum above the maximum is refused")
    func capacities() {
        #expect(fields(EventDraft(name: "A", maxCapacity: 10, minCapacity: 11)) == ["min_capacity"])
        #expect(fields(EventDraft(name: "A", maxCapacity: 10, minCapacity: 10)).isEmpty)
    }

    @Test("Names have 1 to 200 characters, counted as the database counts, and no control characters")
    func names() {
        #expect(fields(EventDraft(name: String(repeating: "é", count: 200))).isEmpty)
        #expect(fields(EventDraft(name: String(repeating: "e\u{301}", count: 101))) == ["name"])
        #expect(fields(EventDraft(name: "A\0B")) == ["name"])
        #expect(fields(EventDraft(name: "A\nB")) == ["name"])
        #expect(fields(EventDraft(name: "A", description: "A\nB")).isEmpty)
        #expect(fields(EventDraft(name: "A", description: "A\0B")) == ["description"])
    }

    @Test("Objects are refused that the database could not keep")
    func objects() {
        #expect(fields(EventDraft(name: "A", settings: .object(["a": .string("\0")]))) == ["settings"])
        #expect(fields(EventDraft(name: "A", settings: .object(["\0": .null]))) == ["settings"])
        let deep = (0..<20).reduce(JSONValue.null) { value, _ in .object(["a": value]) }
        #expect(fields(EventDraft(name: "A", settings: deep)) == ["settings"])
    }

    @Test("Everything that is wrong with an occurrence is said at once")
    func occurrence() {
        let draft = OccurrenceDraft(
            startAt: .example, endAt: .example, timezone: "Mars/Olympus", occurrenceName: "", capacityOverride: 0,
            admissionOpensAt: .example, settings: .null)
        #expect(
            fields(draft) == [
                "end_at", "timezone", "occurrence_name", "capacity_override", "admission_opens_at", "settings",
            ])
    }

    @Test(
        "Time zones are those of the IANA database",
        arguments: [
            ("Africa/Johannesburg", true), ("Asia/Kolkata", true), ("UTC", true), ("Etc/UTC", true), ("", false),
            ("EST", false), ("GMT+2", false), ("+02:00", false), ("africa/nowhere", false), ("../etc/passwd", false),
        ])
    func zones(zone: String, isRight: Bool) {
        let draft = OccurrenceDraft(startAt: .example, endAt: .example + .seconds(1), timezone: zone)
        #expect(fields(draft).isEmpty == isRight)
    }

    @Test("Times far outside of any calendar are refused")
    func times() {
        let draft = OccurrenceDraft(
            startAt: Timestamp(millisecondsSince1970: -1_000_000_000_000_000),
            endAt: Timestamp(millisecondsSince1970: 1_000_000_000_000_000), timezone: "UTC")
        #expect(fields(draft) == ["start_at", "end_at"])
    }

    @Test("Everything that is wrong with a ticket type is said at once")
    func ticketType() {
        let draft = TicketTypeDraft(
            name: "", priceCents: -1, quantityAvailable: -1, validFrom: .example, validUntil: .example, minQuantity: 0,
            maxQuantity: 101, settings: .bool(true))
        #expect(
            fields(draft) == [
                "name", "price_cents", "quantity_available", "valid_until", "min_quantity", "max_quantity", "settings",
            ])
    }

    @Test("The most per order is ten by default, or the fewest where that is more")
    func quantities() {
        #expect(TicketTypeDraft(name: "A", priceCents: 0).effectiveMaxQuantity == 10)
        #expect(TicketTypeDraft(name: "A", priceCents: 0, minQuantity: 20).effectiveMaxQuantity == 20)
        #expect(fields(TicketTypeDraft(name: "A", priceCents: 0, minQuantity: 5, maxQuantity: 4)) == ["max_quantity"])
    }
}
