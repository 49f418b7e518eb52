import Contracts
import Foundation

/// The right to carry out an idempotent request. It ends by itself, so that a gateway that dies takes no key with it.
struct IdempotencyClaim: Sendable, Equatable {
    /// Longer than the longest request: four questions to services, and 30 seconds of waiting for a settled state.
    static let duration = Duration.seconds(60)

    let organizationID: OrganizationID
    let key: IdempotencyKey
    /// Tells this claim from a later one of the same key.
    let id: UUID
    /// The id of what the request creates: the same for every repetition.
    let resourceID: UUID
}
