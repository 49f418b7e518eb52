/// What an occurrence has and has sold.
public struct Availability: Codable, Sendable, Equatable {
    public var occurrenceID: OccurrenceID
    /// Absent for unlimited.
    public var capacity: Int?
    public var reserved: Int
    public var sold: Int
    /// Absent for unlimited.
    public var available: Int?
    public var ticketTypes: [TicketTypeAvailability]
    public var eventStatus: EventStatus
    public var occurrenceStatus: OccurrenceStatus

    enum CodingKeys: String, CodingKey {
        case capacity, reserved, sold, available
        case occurrenceID = "occurrence_id"
        case ticketTypes = "ticket_types"
        case eventStatus = "event_status"
        case occurrenceStatus = "occurrence_status"
    }

    public init(
        occurrenceID: OccurrenceID, capacity: Int? = nil, reserved: Int, sold: Int, available: Int? = nil,
        ticketTypes: [TicketTypeAvailability], eventStatus: EventStatus, occurrenceStatus: OccurrenceStatus
    ) {
        self.occurrenceID = occurrenceID
        self.capacity = capacity
        self.reserved = reserved
        self.sold = sold
        self.available = available
        self.ticketTypes = ticketTypes
        self.eventStatus = eventStatus
        self.occurrenceStatus = occurrenceStatus
    }

    public static var example: Availability {
        Availability(
            occurrenceID: .example, capacity: 300, reserved: 0, sold: 2, available: 298, ticketTypes: [.example],
            eventStatus: .active, occurrenceStatus: .example
        )
    }
}
