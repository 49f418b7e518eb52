/// What a checkout costs.
public struct Quote: Codable, Sendable, Equatable {
    public var lines: [QuoteLine]
    public var totalCents: Int
    public var currency: Currency

    enum CodingKeys: String, CodingKey {
        case lines, currency
        case totalCents = "total_cents"
    }

    public init(lines: [QuoteLine], totalCents: Int, currency: Currency) {
        self.lines = lines
        self.totalCents = totalCents
        self.currency = currency
    }

    public static var example: Quote {
        Quote(lines: [.example], totalCents: 5000, currency: .example)
    }
}
