import Contracts
import Foundation

/// Which saga, and whose: a message about another organisation's saga finds none.
struct SagaKey: Sendable, Hashable {
    /// The checkout's id, the refund's, or for a cancellation the occurrence's.
    let id: UUID
    let organizationID: OrganizationID

    init(_ id: UUID, of organizationID: OrganizationID) {
        self.id = id
        self.organizationID = organizationID
    }

    init<Subject>(_ id: Identifier<Subject>, of organizationID: OrganizationID) {
        self.init(id.rawValue, of: organizationID)
    }
}
