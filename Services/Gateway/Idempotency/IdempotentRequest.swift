import Contracts
import Foundation

/// What an idempotency key stands for: one request of one organisation. The same key with anything else is a mistake.
struct IdempotentRequest: Sendable, Hashable {
    /// RFC 9562, section 5.9: the nil UUID, under which the platform key's requests are kept.
    static let platform = OrganizationID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    let organizationID: OrganizationID
    let key: IdempotencyKey
    let method: String
    let path: String
    /// SHA-256 of the body.
    let bodyHash: [UInt8]
}
