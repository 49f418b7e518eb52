import Contracts
import Testing

@testable import Notifications

@Suite("Times and places as people read them")
struct VenueTimeTests {
    private func time(_ start: String, _ end: String, _ zone: String) throws -> VenueTime {
        VenueTime(
            startAt: try #require(Timestamp(start)), endAt: try #require(Timestamp(end)), timezone: zone)
    }

    @Test("A time is the venue's, and the end of the same evening needs no date")
    func sameDay() throws {
        let time = try time("2026-11-21T17:05:00Z", "2026-11-21T20:00:00Z", "Africa/Johannesburg")
        #expect(time.start == "Saturday 21 November 2026, 19:05")
        #expect(time.end == "22:00")
        #expect(time.zone == "Africa/Johannesburg (UTC+2)")
    }

    @Test("An end after midnight at the venue has its date")
    func nextDay() throws {
        let time = try time("2026-12-31T20:00:00Z", "2026-12-31T23:30:00Z", "Africa/Johannesburg")
        #expect(time.end == "Friday 1 January 2027, 01:30")
    }

    @Test(
        "A zone shows its distance from UTC on that day",
        arguments: [
            ("Europe/Berlin", "2026-07-01T12:00:00Z", "Europe/Berlin (UTC+2)"),
            ("Europe/Berlin", "2026-12-01T12:00:00Z", "Europe/Berlin (UTC+1)"),
            ("Asia/Kolkata", "2026-12-01T12:00:00Z", "Asia/Kolkata (UTC+5:30)"),
            ("America/St_Johns", "2026-12-01T12:00:00Z", "America/St_Johns (UTC-3:30)"),
            ("Nowhere/Atlantis", "2026-12-01T12:00:00Z", "UTC"),
        ])
    func zones(zone: String, start: String, shown: String) throws {
        #expect(try time(start, start, zone).zone == shown)
    }

    @Test("An address is written in the usual order, whatever its object is like")
    func addresses() {
        let known = JSONValue.object([
            "country": .string("South Africa"), "line1": .string("1 Long Street"), "zip": .integer(8001),
            "city": .string("Cape Town"),
        ])
        #expect(VenueAddress(known)?.lines == ["1 Long Street", "8001 Cape Town", "South Africa"])
        #expect(VenueAddress(.object(["b": .string("Second"), "a": .string("First")]))?.lines == ["First", "Second"])
        #expect(VenueAddress(.string("Farm 7\nRoad 3"))?.lines == ["Farm 7", "Road 3"])
        #expect(VenueAddress(.object([:])) == nil)
        #expect(VenueAddress(.object(["city": .string("  ")])) == nil)
        #expect(VenueAddress(nil) == nil)
    }
}
