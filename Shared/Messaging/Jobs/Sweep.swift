import Contracts
import Postgres

/// Work that time itself causes: due timers, ends of sale, old rows. Every process sweeps, so a sweep claims its rows with
/// `FOR UPDATE SKIP LOCKED` and takes a limited number at a time.
public protocol Sweep: Sendable {
    /// The name in logs and metrics.
    var name: String { get }

    /// How long to rest after a sweep that found less than its limit.
    var interval: Duration { get }

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult
}

/// What a sweep did.
public struct SweepResult: Sendable {
    public let effects: Effects
    /// Whether more rows are waiting, so that the next sweep follows at once.
    public let hasMore: Bool

    public init(effects: Effects = .none, hasMore: Bool = false) {
        self.effects = effects
        self.hasMore = hasMore
    }
}
