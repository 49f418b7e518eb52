import Contracts

/// What the platform says of an API key when creating it.
struct APIKeyDraft: Codable, Sendable, Equatable {
    static let requestsPerSecondRange = 1...100_000

    /// What the key is for, for people.
    var name: String
    var scopes: [Scope]
    /// Absent for a key that lasts until it is revoked.
    var expiresAt: Timestamp?
    /// The key's own rate limit (seed A, 12.3); absent for the default.
    var requestsPerSecond: Int?

    enum CodingKeys: String, CodingKey {
        case name, scopes
        case expiresAt = "expires_at"
        case requestsPerSecond = "requests_per_second"
    }

    static var example: APIKeyDraft {
        APIKeyDraft(
            name: "Box office", scopes: [.eventsRead, .checkoutsWrite], expiresAt: .example, requestsPerSecond: 2000)
    }
}
