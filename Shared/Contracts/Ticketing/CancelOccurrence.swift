/// Cancel an occurrence: nothing is sold from now on, and every order will be refunded. Canceling it again is answered
/// with the occurrence as it stands. Refused with `conflict` after the cutoff of the event's settings, and after its start.
public struct CancelOccurrence: Request {
    public static let name = "ticketing.cancel-occurrence.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = OccurrenceDetails
    public static var replyExample: OccurrenceDetails { .example }

    public var occurrenceID: OccurrenceID
    /// For the attendees: 1 to 500 characters.
    public var reason: String

    enum CodingKeys: String, CodingKey {
        case reason
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID, reason: String) {
        self.occurrenceID = occurrenceID
        self.reason = reason
    }

    public static var example: CancelOccurrence {
        CancelOccurrence(occurrenceID: .example, reason: "The artist is ill.")
    }
}
