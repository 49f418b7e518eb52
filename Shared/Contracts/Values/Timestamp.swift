import Foundation

/// An instant with millisecond precision. On the wire it is RFC 3339 in UTC, such as `2026-11-21T19:30:00.000Z`.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let millisecondsSince1970: Int64

    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// The instant of a `Date`, rounded to the millisecond and kept within the years 0001 to 9999.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        let range = Self.expressible
        self.millisecondsSince1970 = Int64(
            min(max(milliseconds, Double(range.lowerBound)), Double(range.upperBound)))
    }

    /// What RFC 3339 can write: its years have four digits.
    private static let expressible: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// Reads RFC 3339 with or without fractional seconds and with any offset; nil when it is something else.
    public init?(_ text: String) {
        if let milliseconds = RFC3339Text.milliseconds(text) {
            self.init(millisecondsSince1970: milliseconds)
            return
        }
        // Foundation also takes years of more digits, whose instants do not fit.
        guard text.utf8.count <= 64, text.utf8.dropFirst(4).first == UInt8(ascii: "-") else { return nil }
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let whole = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        guard let date = (try? fractional.parse(text)) ?? (try? whole.parse(text)) else { return nil }
        self.init(date)
    }

    public var date: Date { Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000) }

    public var description: String {
        if RFC3339Text.range.contains(millisecondsSince1970) { return RFC3339Text.text(millisecondsSince1970) }
        // Foundation cuts the fraction of a binary number off, which loses a millisecond now and then.
        let (second, millisecond) = millisecondsSince1970.flooredQuotientAndRemainder(dividingBy: 1000)
        let whole = Date(timeIntervalSince1970: Double(second)).formatted(Date.ISO8601FormatStyle())
        let fraction = String(1000 + millisecond).dropFirst()
        return "\(whole.dropLast()).\(fraction)Z"
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    public static func + (time: Self, duration: Duration) -> Self {
        Timestamp(millisecondsSince1970: time.millisecondsSince1970 + duration.milliseconds)
    }

    public static func - (time: Self, duration: Duration) -> Self {
        Timestamp(millisecondsSince1970: time.millisecondsSince1970 - duration.milliseconds)
    }

    /// How long after `other` this instant is; negative when it is before.
    public func since(_ other: Self) -> Duration {
        .milliseconds(millisecondsSince1970 - other.millisecondsSince1970)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be an RFC 3339 time such as 2026-11-21T19:30:00Z")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

extension Int64 {
    fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
