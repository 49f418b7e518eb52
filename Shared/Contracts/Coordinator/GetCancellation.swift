/// The cancellation of an occurrence with its progress.
public struct GetCancellation: Request {
    public static let name = "coordinator.get-cancellation.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = CancellationDetails
    public static var replyExample: CancellationDetails { .example }

    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID) {
        self.occurrenceID = occurrenceID
    }

    public static var example: GetCancellation {
        GetCancellation(occurrenceID: .example)
    }
}
