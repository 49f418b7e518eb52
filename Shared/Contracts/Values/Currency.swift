/// An ISO 4217 alphabetic code. Amounts beside it are whole minor units of this currency.
public struct Currency: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    /// Nil unless the code is three upper-case letters.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 3, rawValue.utf8.allSatisfy({ $0 >= 0x41 && $0 <= 0x5A }) else { return nil }
        self.rawValue = rawValue
    }

    private init(known code: String) {
        self.rawValue = code
    }

    public static let eur = Currency(known: "EUR")
    public static let usd = Currency(known: "USD")
    public static let zar = Currency(known: "ZAR")

    public var description: String { rawValue }

    /// How many digits the minor unit has (ISO 4217, table A.1).
    public var minorUnitDigits: Int {
        switch rawValue {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }

    /// An amount of minor units as people write it, such as `EUR 12.50`.
    public func format(_ minorUnits: Int) -> String {
        let digits = minorUnitDigits
        let sign = minorUnits < 0 ? "-" : ""
        guard digits > 0 else { return "\(rawValue) \(minorUnits)" }
        let scale = (0..<digits).reduce(1) { value, _ in value * 10 }
        let (whole, fraction) = minorUnits.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
        let padded = String(repeating: "0", count: digits - String(fraction).count) + String(fraction)
        return "\(rawValue) \(sign)\(whole).\(padded)"
    }
}

extension Currency: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let currency = Currency(rawValue: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be an ISO 4217 code of three upper-case letters")
        }
        self = currency
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
