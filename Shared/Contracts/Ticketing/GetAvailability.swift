/// What an occurrence has left.
public struct GetAvailability: Request {
    public static let name = "ticketing.get-availability.v1"
    public static let recipient = ServiceName.ticketing
    public static let isQuick = true
    public typealias Reply = Availability
    public static var replyExample: Availability { .example }

    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID) {
        self.occurrenceID = occurrenceID
    }

    public static var example: GetAvailability {
        GetAvailability(occurrenceID: .example)
    }
}
