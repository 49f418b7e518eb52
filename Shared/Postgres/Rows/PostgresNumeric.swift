/// A `numeric` in its binary form (PostgreSQL's `numeric_send`): digits of base 10,000, the first of which counts
/// 10,000^weight.
struct PostgresNumeric {
    private enum Sign: UInt16 {
        case positive = 0x0000
        case negative = 0x4000
        case notANumber = 0xC000
        case positiveInfinity = 0xD000
        case negativeInfinity = 0xF000
    }

    private let digits: [Int16]
    private let weight: Int
    private let sign: Sign

    init(_ cell: PostgresCell) throws {
        (digits, weight, sign) = try cell.withUnsafeBytes { bytes in
            var reader = PostgresReader(bytes)
            guard let count = reader.integer(Int16.self), let weight = reader.integer(Int16.self),
                let sign = reader.integer(UInt16.self).flatMap(Sign.init(rawValue:)),
                reader.integer(Int16.self) != nil
            else { throw PostgresError.decoding(cell, "is not a numeric") }
            var digits: [Int16] = []
            for _ in 0..<max(0, count) {
                guard let digit = reader.integer(Int16.self), (0..<10_000).contains(digit) else {
                    throw PostgresError.decoding(cell, "is not a numeric")
                }
                digits.append(digit)
            }
            return (digits, Int(weight), sign)
        }
    }

    /// The exact value; nil when it has a fraction or does not fit.
    var integer: Int64? {
        guard sign == .positive || sign == .negative else { return nil }
        guard !digits.isEmpty else { return 0 }
        guard digits.dropFirst(max(0, weight + 1)).allSatisfy({ $0 == 0 }) else { return nil }
        guard weight >= 0 else { return 0 }
        var value: Int64 = 0
        for position in 0...weight {
            let digit = Int64(position < digits.count ? digits[position] : 0)
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10_000)
            // Towards the sign, because the smallest integer has no positive counterpart.
            let (sum, carry) = scaled.addingReportingOverflow(sign == .negative ? -digit : digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// The nearest value.
    var double: Double {
        switch sign {
        case .notANumber: return .nan
        case .positiveInfinity: return .infinity
        case .negativeInfinity: return -.infinity
        case .positive, .negative:
            // Through text, so that the result is rounded once and correctly.
            var text = sign == .negative ? "-0." : "0."
            for digit in digits {
                let plain = String(digit)
                text += String(repeating: "0", count: 4 - plain.count) + plain
            }
            return Double(text + "e\((weight + 1) * 4)") ?? .nan
        }
    }
}
