import Contracts

/// Some of an occurrence's checkouts, in the order of their ids.
struct CancellationPage: Sendable, Equatable {
    let checkouts: [CheckoutSaga]
    /// Checkouts whose stored form cannot be read: nobody knows whether they will need a refund.
    let unreadableCount: Int
    /// Where the next page begins; nil after the last one.
    let next: CheckoutID?
}
