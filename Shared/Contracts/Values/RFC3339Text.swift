/// The usual forms of RFC 3339 times, read and written without a calendar: `2026-11-21T19:30:00Z`, with three digits of a
/// second's fraction or with none.
///
/// Every message and every answer carries several times, and Foundation's formats take microseconds for each.
enum RFC3339Text {
    private static let wholeLength = 20
    private static let fractionalLength = 24
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// The instants that are written and read here. Before 1583 Foundation counts in the Julian calendar.
    static let range: ClosedRange<Int64> = -12_212_553_600_000...253_402_300_799_999

    /// The milliseconds since 1970; nil for every other form, and for what no calendar has.
    static func milliseconds(_ text: String) -> Int64? {
        let length = text.utf8.count
        guard length == wholeLength || length == fractionalLength else { return nil }
        var text = text
        return text.withUTF8 { read($0) }
    }

    /// The text of an instant of ``range``, with milliseconds.
    static func text(_ millisecondsSince1970: Int64) -> String {
        var (days, rest) = millisecondsSince1970.quotientAndRemainder(dividingBy: millisecondsPerDay)
        if rest < 0 { (days, rest) = (days - 1, rest + millisecondsPerDay) }
        let (year, month, day) = civil(daysSince1970: Int(days))
        let milliseconds = Int(rest)
        return String(unsafeUninitializedCapacity: fractionalLength) { bytes in
            func write(_ number: Int, _ digits: Int, at position: Int, before separator: Unicode.Scalar) {
                var number = number
                for index in stride(from: position + digits - 1, through: position, by: -1) {
                    bytes[index] = 0x30 + UInt8(number % 10)
                    number /= 10
                }
                bytes[position + digits] = UInt8(ascii: separator)
            }
            write(year, 4, at: 0, before: "-")
            write(month, 2, at: 5, before: "-")
            write(day, 2, at: 8, before: "T")
            write(milliseconds / 3_600_000, 2, at: 11, before: ":")
            write(milliseconds / 60_000 % 60, 2, at: 14, before: ":")
            write(milliseconds / 1000 % 60, 2, at: 17, before: ".")
            write(milliseconds % 1000, 3, at: 20, before: "Z")
            return fractionalLength
        }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        func number(_ position: Int, _ digits: Int) -> Int? {
            var number = 0
            for byte in bytes[position..<position + digits] {
                guard (0x30...0x39).contains(byte) else { return nil }
                number = number * 10 + Int(byte - 0x30)
            }
            return number
        }
        let isFractional = bytes.count == fractionalLength
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            bytes[bytes.count - 1] == UInt8(ascii: "Z"), !isFractional || bytes[19] == UInt8(ascii: "."),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), let fraction = isFractional ? number(20, 3) : 0,
            year >= 1583, (1...12).contains(month), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = days(year, month, day)
        // A day that its month does not have comes back as one of the next month.
        guard civil(daysSince1970: days) == (year, month, day) else { return nil }
        return Int64(days) * millisecondsPerDay + Int64((hour * 60 + minute) * 60 + second) * 1000 + Int64(fraction)
    }

    // Years are counted from March, so that the leap day is the last of its year (Howard Hinnant, "chrono-Compatible
    // Low-Level Date Algorithms"); an era is the 400 years after which the calendar repeats.

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
