/// One attempt at a gate (API, `POST /v1/scans`).
public struct ScanDraft: Codable, Sendable, Equatable {
    /// Made by the scanner: repeating it repeats the answer.
    public var id: ScanID
    public var occurrenceID: OccurrenceID
    public var code: String
    public var direction: ScanDirection
    public var gateID: GateID?
    /// When the scanner read it; default now.
    public var scannedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, code, direction
        case occurrenceID = "occurrence_id"
        case gateID = "gate_id"
        case scannedAt = "scanned_at"
    }

    public init(
        id: ScanID, occurrenceID: OccurrenceID, code: String, direction: ScanDirection, gateID: GateID? = nil,
        scannedAt: Timestamp? = nil
    ) {
        self.id = id
        self.occurrenceID = occurrenceID
        self.code = code
        self.direction = direction
        self.gateID = gateID
        self.scannedAt = scannedAt
    }

    public static var example: ScanDraft {
        ScanDraft(
            id: .example, occurrenceID: .example, code: "VG1AAAA", direction: .example, gateID: .example,
            scannedAt: .example
        )
    }
}
