/// The life of one occurrence (seed B): scheduled, confirmed when the minimum is reached, in progress, completed; or
/// canceled.
public enum OccurrenceStatus: String, Codable, Sendable, CaseIterable {
    case scheduled
    case confirmed
    case inProgress = "in_progress"
    case completed
    case canceled

    public static var example: OccurrenceStatus { .scheduled }
}
