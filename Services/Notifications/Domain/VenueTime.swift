import Contracts
import Foundation

/// A stretch of time as people at the venue read it: `Saturday 21 November 2026, 21:30`.
struct VenueTime: Sendable {
    private let startAt: Timestamp
    private let endAt: Timestamp
    private let calendar: Calendar

    /// - Parameter timezone: an IANA zone; an unknown one makes everything UTC and says so.
    init(startAt: Timestamp, endAt: Timestamp, timezone: String) {
        self.startAt = startAt
        self.endAt = endAt
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timezone) ?? .gmt
        self.calendar = calendar
    }

    /// The start with its date.
    var start: String { "\(day(startAt)), \(clock(startAt))" }

    /// The end: the time alone when it is on the same day.
    var end: String { isOneDay ? clock(endAt) : "\(day(endAt)), \(clock(endAt))" }

    /// The zone with its distance from UTC at the start: `Africa/Johannesburg (UTC+2)`.
    var zone: String {
        let minutes = calendar.timeZone.secondsFromGMT(for: startAt.date) / 60
        guard minutes != 0 else { return calendar.timeZone == .gmt ? "UTC" : "\(calendar.timeZone.identifier) (UTC)" }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        let offset = (minutes < 0 ? "-" : "+") + String(hours) + (rest == 0 ? "" : ":\(Self.twoDigits(rest))")
        return "\(calendar.timeZone.identifier) (UTC\(offset))"
    }

    private var isOneDay: Bool { calendar.isDate(startAt.date, inSameDayAs: endAt.date) }

    // Written by hand because a formatter would follow the machine's language.
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private func day(_ time: Timestamp) -> String {
        let parts = calendar.dateComponents([.weekday, .day, .month, .year], from: time.date)
        let weekday = Self.weekdays[((parts.weekday ?? 1) - 1) % 7]
        let month = Self.months[((parts.month ?? 1) - 1) % 12]
        return "\(weekday) \(parts.day ?? 1) \(month) \(parts.year ?? 1970)"
    }

    private func clock(_ time: Timestamp) -> String {
        let parts = calendar.dateComponents([.hour, .minute], from: time.date)
        return "\(Self.twoDigits(parts.hour ?? 0)):\(Self.twoDigits(parts.minute ?? 0))"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
