import Contracts

/// Where the table keeps what is known of an idempotency key.
struct IdempotencyPlace: Hashable, Sendable {
    let organizationID: OrganizationID
    let key: IdempotencyKey
}

extension IdempotentRequest {
    var place: IdempotencyPlace { IdempotencyPlace(organizationID: organizationID, key: key) }
}

extension IdempotencyClaim {
    var place: IdempotencyPlace { IdempotencyPlace(organizationID: organizationID, key: key) }
}
