/// What happened in the cancellation of an occurrence.
public struct GetCancellationHistory: Request {
    public static let name = "coordinator.get-cancellation-history.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = SagaHistory
    public static var replyExample: SagaHistory { .example }

    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID) {
        self.occurrenceID = occurrenceID
    }

    public static var example: GetCancellationHistory {
        GetCancellationHistory(occurrenceID: .example)
    }
}
