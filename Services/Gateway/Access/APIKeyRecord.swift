import Contracts

/// What the table knows of a key, with what decides whether it works.
struct APIKeyRecord: Sendable, Equatable {
    let id: APIKeyID
    let organizationID: OrganizationID
    let organizationStatus: OrganizationStatus
    let name: String
    let hash: [UInt8]
    let scopes: Set<Scope>
    let requestsPerSecond: Int
    let expiresAt: Timestamp?
    let revokedAt: Timestamp?

    /// Whether the key works at this time, its organisation apart.
    func isValid(at now: Timestamp) -> Bool {
        revokedAt == nil && expiresAt.map { now < $0 } ?? true
    }

    var caller: Caller {
        Caller(
            actor: Actor(kind: .apiKey, id: id.description, name: name), keyID: id,
            tenant: .init(organizationID: organizationID, status: organizationStatus), scopes: scopes,
            requestsPerSecond: requestsPerSecond)
    }
}
