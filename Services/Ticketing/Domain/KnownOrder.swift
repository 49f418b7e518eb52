import Contracts

/// What is known of an order's id.
enum KnownOrder: Sendable, Equatable {
    case held(HeldOrder)
    /// The release came before the hold, which must never be granted any more.
    case releasedUnheld(OrganizationID)

    var organizationID: OrganizationID {
        switch self {
        case .held(let order): order.organizationID
        case .releasedUnheld(let organizationID): organizationID
        }
    }
}
