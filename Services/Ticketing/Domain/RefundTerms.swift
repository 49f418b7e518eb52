import Contracts

/// What of an occurrence decides whether its orders may be refunded.
struct RefundTerms: Sendable, Equatable {
    let startAt: Timestamp
    let isCanceled: Bool
    let policy: RefundPolicy
}
