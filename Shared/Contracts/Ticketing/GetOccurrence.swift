/// One occurrence.
public struct GetOccurrence: Request {
    public static let name = "ticketing.get-occurrence.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = OccurrenceDetails
    public static var replyExample: OccurrenceDetails { .example }

    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID) {
        self.occurrenceID = occurrenceID
    }

    public static var example: GetOccurrence {
        GetOccurrence(occurrenceID: .example)
    }
}
