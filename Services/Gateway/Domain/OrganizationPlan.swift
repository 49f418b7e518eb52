/// What an organisation pays for (seed A, 1.1).
enum OrganizationPlan: String, Codable, Sendable, CaseIterable {
    case free
    case standard
    case enterprise
}
