/// A scan was decided and stored.
public struct ScanRecorded: Event {
    public static let name = "scanning.scan-recorded.v1"
    public static let source = ServiceName.scanning

    public var scanID: ScanID
    public var occurrenceID: OccurrenceID
    /// Absent for a code that names none.
    public var ticketID: TicketID?
    public var orderID: OrderID?
    public var ticketTypeID: TicketTypeID?
    public var direction: ScanDirection
    public var result: ScanResult
    public var gateID: GateID?
    /// Whether this scan let the ticket in for the first time.
    public var isFirstAdmission: Bool
    public var scannedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case direction, result
        case scanID = "scan_id"
        case occurrenceID = "occurrence_id"
        case ticketID = "ticket_id"
        case orderID = "order_id"
        case ticketTypeID = "ticket_type_id"
        case gateID = "gate_id"
        case isFirstAdmission = "is_first_admission"
        case scannedAt = "scanned_at"
    }

    public init(
        scanID: ScanID, occurrenceID: OccurrenceID, ticketID: TicketID? = nil, orderID: OrderID? = nil,
        ticketTypeID: TicketTypeID? = nil, direction: ScanDirection, result: ScanResult, gateID: GateID? = nil,
        isFirstAdmission: Bool, scannedAt: Timestamp
    ) {
        self.scanID = scanID
        self.occurrenceID = occurrenceID
        self.ticketID = ticketID
        self.orderID = orderID
        self.ticketTypeID = ticketTypeID
        self.direction = direction
        self.result = result
        self.gateID = gateID
        self.isFirstAdmission = isFirstAdmission
        self.scannedAt = scannedAt
    }

    public static var example: ScanRecorded {
        ScanRecorded(
            scanID: .example, occurrenceID: .example, ticketID: .example, orderID: .example, ticketTypeID: .example,
            direction: .example, result: .example, gateID: .example, isFirstAdmission: true, scannedAt: .example
        )
    }
}
