import Foundation

/// `timestamptz`, to the microsecond. Also reads `timestamp` and `date`, both taken as UTC.
extension Date: PostgresEncodable, PostgresDecodable {
    /// 2001-01-01, the origin of `Date`, in PostgreSQL's count from 2000-01-01.
    private static let referenceSeconds = 366.0 * 86_400

    public static var postgresType: PostgresType { .timestamptz }

    /// - Throws: ``PostgresError`` with the code `encoding` for a time outside 4713 BC to the year 294276.
    public func encode() throws -> PostgresValue {
        let seconds = timeIntervalSinceReferenceDate + Self.referenceSeconds
        let whole = seconds.rounded(.down)
        // `MIN_TIMESTAMP` and `END_TIMESTAMP` of PostgreSQL, in seconds.
        guard whole >= -211_813_488_000, whole < 9_223_371_331_200 else {
            throw PostgresError.encoding("a time is outside what timestamptz can hold")
        }
        let microseconds = Int64(whole) * 1_000_000 + Int64(((seconds - whole) * 1e6).rounded())
        return PostgresValue(.eight(UInt64(bitPattern: microseconds)))
    }

    public init(_ cell: PostgresCell) throws {
        switch cell.type {
        case .timestamptz, .timestamp:
            let microseconds = try cell.fixedWidth(Int64.self)
            guard microseconds != .max, microseconds != .min else {
                throw PostgresError.decoding(cell, "is infinite")
            }
            let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
            self.init(timeIntervalSinceReferenceDate: Double(whole) - Self.referenceSeconds + Double(rest) / 1e6)
        case .date:
            let days = try cell.fixedWidth(Int32.self)
            guard days != .max, days != .min else { throw PostgresError.decoding(cell, "is infinite") }
            self.init(timeIntervalSinceReferenceDate: Double(days) * 86_400 - Self.referenceSeconds)
        default: throw PostgresError.decoding(cell, "is not a time")
        }
    }
}
