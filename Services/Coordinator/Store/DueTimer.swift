import Contracts

/// A timer that fired.
struct DueTimer: Sendable, Equatable {
    let key: CheckoutKey
    let kind: CheckoutTimer.Kind
}
