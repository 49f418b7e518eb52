/// Sales and attendance of one occurrence.
public struct GetOccurrenceReport: Request {
    public static let name = "analytics.get-occurrence-report.v1"
    public static let recipient = ServiceName.analytics
    public typealias Reply = OccurrenceReport
    public static var replyExample: OccurrenceReport { .example }

    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case occurrenceID = "occurrence_id"
    }

    public init(occurrenceID: OccurrenceID) {
        self.occurrenceID = occurrenceID
    }

    public static var example: GetOccurrenceReport {
        GetOccurrenceReport(occurrenceID: .example)
    }
}
