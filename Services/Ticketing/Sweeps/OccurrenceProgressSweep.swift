import Contracts
import Messaging
import Postgres

/// Moves occurrences on by the clock: in progress from their start, completed from their end (seed B, EventOccurrence).
struct OccurrenceProgressSweep: Sweep {
    let name = "occurrence-progress"
    let interval = Duration.seconds(1)
    private static let limit = 100

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let moved = try OccurrenceStore(transaction: transaction).progress(limit: Self.limit, at: moment.now)
        let ended = moved.map(\.occurrence).filter { $0.status == .completed }
        try TicketTypeReviewStore(transaction: transaction).insertTypes(of: ended, at: moment)
        return SweepResult(effects: .announcing(moved), hasMore: moved.count == Self.limit)
    }
}

extension Effects {
    /// Changes of several organisations' occurrences.
    static func announcing(_ changes: [OccurrenceChanged]) -> Effects {
        Effects(messages: changes.map { Outgoing($0, organizationID: $0.occurrence.organizationID) })
    }
}
