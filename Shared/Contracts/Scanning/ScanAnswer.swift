/// The stored answer to a scan.
public struct ScanAnswer: Codable, Sendable, Equatable {
    public var id: ScanID
    public var result: ScanResult
    public var ticket: ScannedTicket?
    /// When the ticket was first let in.
    public var firstAdmittedAt: Timestamp?
    public var scannedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, result, ticket
        case firstAdmittedAt = "first_admitted_at"
        case scannedAt = "scanned_at"
    }

    public init(
        id: ScanID, result: ScanResult, ticket: ScannedTicket? = nil, firstAdmittedAt: Timestamp? = nil,
        scannedAt: Timestamp
    ) {
        self.id = id
        self.result = result
        self.ticket = ticket
        self.firstAdmittedAt = firstAdmittedAt
        self.scannedAt = scannedAt
    }

    public static var example: ScanAnswer {
        ScanAnswer(id: .example, result: .example, ticket: .example, firstAdmittedAt: .example, scannedAt: .example)
    }
}
