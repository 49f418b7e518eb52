import Contracts
import Testing

@testable import Notifications

@Suite("Dates as HTTP writes them")
struct HTTPDateTests {
    private let now = Timestamp.example

    @Test(
        "The three forms of RFC 9110 are the same moment",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ])
    func forms(text: String) {
        #expect(HTTPDate(text, at: now)?.time == Timestamp("1994-11-06T08:49:37Z"))
    }

    @Test("A year of two digits is not more than 50 years ahead")
    func twoDigits() throws {
        let now = try #require(Timestamp("2026-01-01T00:00:00Z"))
        #expect(HTTPDate("Sunday, 06-Nov-76 08:49:37 GMT", at: now)?.time == Timestamp("2076-11-06T08:49:37Z"))
        #expect(HTTPDate("Sunday, 06-Nov-77 08:49:37 GMT", at: now)?.time == Timestamp("1977-11-06T08:49:37Z"))
    }

    @Test("A leap second is the second before it")
    func leapSecond() {
        #expect(HTTPDate("Sat, 31 Dec 2016 23:59:60 GMT", at: now)?.time == Timestamp("2016-12-31T23:59:59Z"))
    }

    @Test(
        "Anything else is no date",
        arguments: [
            "", "Sun", "06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
            "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 199x 08:49:37 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT",
        ])
    func strange(text: String) {
        #expect(HTTPDate(text, at: now) == nil)
    }
}
