import Contracts

/// Who is calling, once the key has been recognised.
struct Caller: Sendable, Equatable {
    /// The tenant of an organisation's key, with what its status was when the key was last looked up.
    struct Tenant: Sendable, Equatable {
        let organizationID: OrganizationID
        let status: OrganizationStatus
    }

    let actor: Actor
    /// Nil for the platform key, which no table knows.
    let keyID: APIKeyID?
    /// Nil for the platform key.
    let tenant: Tenant?
    let scopes: Set<Scope>
    let requestsPerSecond: Int

    /// The platform key: it creates organisations and their keys, and nothing inside of an organisation.
    static let platform = Caller(
        actor: Actor(kind: .platformKey, id: "platform"), keyID: nil, tenant: nil, scopes: [],
        requestsPerSecond: TokenBucket.defaultRequestsPerSecond)

    /// What the rate limit is counted by.
    var limitedAs: String { actor.id }

    /// Checks that the caller may use an endpoint.
    /// - Throws: a ``Problem``: `organization-inactive` or `forbidden`.
    func authorize(for access: EndpointAccess) throws(Problem) {
        if let tenant, tenant.status != .active {
            throw Problem(
                .organizationInactive,
                "The organisation is \(tenant.status.rawValue). Ask the platform to make it active again.")
        }
        switch access {
        case .open: return
        case .platform:
            guard tenant == nil else { throw Problem(.forbidden, "Only the platform key may do this.") }
        case .scope(let scope):
            guard tenant != nil else {
                throw Problem(.forbidden, "The platform key belongs to no organisation: use an organisation's key.")
            }
            guard scopes.contains(scope) else {
                throw Problem(.forbidden, "The key lacks the scope \(scope.rawValue).")
            }
        }
    }
}
