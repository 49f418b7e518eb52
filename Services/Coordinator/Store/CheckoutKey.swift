import Contracts

/// Which checkout, and whose: a message about another organisation's checkout finds none.
struct CheckoutKey: Sendable, Hashable {
    let id: CheckoutID
    let organizationID: OrganizationID
}
