import Contracts
import Foundation
import Testing

@Suite("Contract values")
struct ValueTests {
    @Test("A timestamp reads every RFC 3339 form and writes UTC with milliseconds")
    func timestampForms() throws {
        let expected = Timestamp(millisecondsSince1970: 1_795_289_400_000)
        for text in ["2026-11-21T19:30:00Z", "2026-11-21T19:30:00.000Z", "2026-11-21T21:30:00+02:00"] {
            #expect(Timestamp(text) == expected, "\(text)")
        }
        #expect(expected.description == "2026-11-21T19:30:00.000Z")
    }

    @Test(
        "A timestamp refuses what is not RFC 3339",
        arguments: [
            "", "yesterday", "2026-11-21", "19:30", "2026-13-40T99:00:00Z", "9999999999-01-01T00:00:00Z",
            "12026-01-01T00:00:00Z",
        ])
    func badTimestamps(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("An instant beyond the calendar is kept within it instead of ending the process")
    func farInstants() {
        #expect(Timestamp(Date(timeIntervalSince1970: 1e300)).description == "9999-12-31T23:59:59.999Z")
        // Foundation writes so early a day in another calendar than it is counted in.
        #expect(Timestamp(Date(timeIntervalSince1970: -1e300)).description.hasPrefix("0001-01-0"))
    }

    @Test(
        "An address that the mail server would refuse is refused at once",
        arguments: [
            "", "nobody", "a@", "@b.org", "a b@c.org", "josé@example.com", "a@münchen.de", "a,b@x.org", "a@b@c.org",
        ])
    func undeliverable(address: String) {
        #expect(!EmailAddress.isDeliverable(address))
    }

    @Test("Ordinary addresses are deliverable", arguments: ["ada@example.org", "a.b+c@x-y.co.za", "o'neil@example.ie"])
    func deliverable(address: String) {
        #expect(EmailAddress.isDeliverable(address))
        #expect(!EmailAddress.isDeliverable(String(repeating: "a", count: 65) + address))
    }

    @Test("Milliseconds survive the way through text")
    func timestampRoundTrip() {
        for milliseconds in [-1, 0, 1, 999, 1_795_289_400_123, 4_102_444_800_001] as [Int64] {
            let time = Timestamp(millisecondsSince1970: milliseconds)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test("Times are written and read as Foundation's calendar has them, leap days and turns of centuries included")
    func timestampCalendar() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: -141_350, to: 2_932_896, by: 367) {
            let time = Timestamp(millisecondsSince1970: Int64(day) * 86_400_000 + 86_399_125)
            #expect(time.description == time.date.formatted(style))
            #expect(Timestamp(time.description) == time)
        }
        for text in ["2028-02-29T23:59:59.999Z", "2000-02-29T00:00:00.000Z", "1900-03-01T12:00:00.000Z"] {
            #expect(try #require(Timestamp(text)).description == text)
        }
        // Whatever Foundation makes of days that are none, it is the same with the short way in front of it.
        let whole = Date.ISO8601FormatStyle()
        for text in ["2027-02-29T00:00:00Z", "2027-04-31T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T23:59:60Z"] {
            #expect(Timestamp(text) == (try? whole.parse(text)).map { Timestamp($0) }, "\(text)")
        }
    }

    @Test("Version 7 ids sort by their time and carry version and variant")
    func uuidVersion7() {
        var generator = SystemRandomNumberGenerator()
        let early = UUID.version7(at: Timestamp(millisecondsSince1970: 1000), using: &generator)
        let late = UUID.version7(at: Timestamp(millisecondsSince1970: 1001), using: &generator)
        #expect(early < late)
        #expect(late.uuid.6 >> 4 == 7)
        #expect(late.uuid.8 >> 6 == 2)
    }

    @Test(
        "Amounts are written in the currency's own minor unit",
        arguments: [
            ("EUR", 1250, "EUR 12.50"), ("JPY", 1250, "JPY 1250"), ("KWD", 1250, "KWD 1.250"), ("ZAR", -5, "ZAR -0.05"),
        ])
    func amounts(code: String, cents: Int, text: String) throws {
        let currency = try #require(Currency(rawValue: code))
        #expect(currency.format(cents) == text)
    }

    @Test("A currency is three upper-case letters", arguments: ["", "eur", "EURO", "E1R", "€UR"])
    func badCurrencies(code: String) {
        #expect(Currency(rawValue: code) == nil)
    }

    @Test("A page cuts at its limit and points at the last row it shows")
    func pages() {
        let page = Page(rows: [1, 2, 3], limit: 2, cursor: { "\($0)" })
        #expect(page == Page(data: [1, 2], nextCursor: "2"))
        #expect(Page(rows: [1, 2], limit: 2, cursor: { "\($0)" }) == Page(data: [1, 2], nextCursor: nil))
    }

    @Test("A cursor that no page gave is refused with its field")
    func badCursor() {
        let request = PageRequest(limit: 10, cursor: "nonsense")
        #expect(throws: Problem.validation("cursor", "must be the next_cursor of an earlier page")) {
            try request.position(of: OrderID.self)
        }
    }
}
