import Contracts
import Foundation

/// A date as HTTP writes it (RFC 9110 section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two obsolete forms
/// that every recipient must still read.
struct HTTPDate: Sendable, Equatable {
    let time: Timestamp

    // Written by hand because a formatter would follow the machine's language.
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Nil for anything that is none of the three forms.
    /// - Parameter now: a year of two digits is the one that is not more than 50 years after it.
    init?(_ text: String, at now: Timestamp) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true).map { String($0) }
        let parsed: (day: Int?, month: String, year: Int?, clock: String)
        switch words.count {
        // Sun, 06 Nov 1994 08:49:37 GMT
        case 6 where words[0].hasSuffix(",") && Self.shortDays.contains(String(words[0].dropLast())):
            guard words[5] == "GMT", words[1].utf8.count == 2, words[3].utf8.count == 4 else { return nil }
            parsed = (Self.digits(words[1]), words[2], Self.digits(words[3]), words[4])
        // Sunday, 06-Nov-94 08:49:37 GMT
        case 4 where words[0].hasSuffix(",") && Self.longDays.contains(String(words[0].dropLast())):
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
            guard words[3] == "GMT", date.count == 3, date[0].utf8.count == 2, date[2].utf8.count == 2 else {
                return nil
            }
            parsed = (Self.digits(date[0]), date[1], Self.digits(date[2]).map { Self.year($0, at: now) }, words[2])
        // Sun Nov  6 08:49:37 1994
        case 5 where Self.shortDays.contains(words[0]):
            guard words[4].utf8.count == 4, (1...2).contains(words[2].utf8.count) else { return nil }
            parsed = (Self.digits(words[2]), words[1], Self.digits(words[4]), words[3])
        default: return nil
        }
        guard let day = parsed.day, let year = parsed.year,
            let time = Self.time(day: day, month: parsed.month, year: year, clock: parsed.clock)
        else { return nil }
        self.time = time
    }

    private static func digits(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func year(_ lastDigits: Int, at now: Timestamp) -> Int {
        let thisYear = calendar.component(.year, from: now.date)
        let year = thisYear / 100 * 100 + lastDigits
        return year > thisYear + 50 ? year - 100 : year
    }

    private static func time(day: Int, month: String, year: Int, clock: String) -> Timestamp? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }), let index = months.firstIndex(of: month),
            let hour = digits(parts[0]), let minute = digits(parts[1]), let second = digits(parts[2])
        else { return nil }
        // 60 is a leap second, which the calendar would not take.
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        let components = DateComponents(
            year: year, month: index + 1, day: day, hour: hour, minute: minute, second: min(second, 59))
        guard let date = calendar.date(from: components), calendar.component(.day, from: date) == day else {
            return nil
        }
        return Timestamp(date)
    }
}
