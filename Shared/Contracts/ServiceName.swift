/// The executables of the platform. The raw value names their queues, databases and roles.
public enum ServiceName: String, Codable, Sendable, CaseIterable {
    case gateway
    case ticketing
    case payments
    case scanning
    case notifications
    case analytics
    case coordinator
}
