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
        let types = TicketTypeStore(transaction: transaction)
        let reviews = TicketTypeReviewStore(transaction: transaction)
        // An occurrence that is over no longer counts when its ticket types are asked whether they are sold out.
        let ended = moved.map(\.occurrence).filter { $0.status == .completed }
        for (eventID, occurrences) in Dictionary(grouping: ended, by: \.eventID).sorted(by: { $0.key < $1.key }) {
            guard let organizationID = occurrences.first?.organizationID else { continue }
            let quantities = try types.quantities(of: eventID, organizationID: organizationID)
            try reviews.insert(quantities.map(\.0), of: organizationID, at: moment)
        }
        return SweepResult(effects: .announcing(moved), hasMore: moved.count == Self.limit)
    }
}

extension Effects {
    /// Changes of several organisations' occurrences.
    static func announcing(_ changes: [OccurrenceChanged]) -> Effects {
        Effects(messages: changes.map { Outgoing($0, organizationID: $0.occurrence.organizationID) })
    }
}
