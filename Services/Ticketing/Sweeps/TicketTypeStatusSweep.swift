import Contracts
import Messaging
import Postgres

/// Lets the status of ticket types follow the clock and the stock (seed B, TicketType): expired after their sale, sold
/// out when no occurrence that still sells has any left, active again when one has.
struct TicketTypeStatusSweep: Sweep {
    let name = "ticket-type-status"
    let interval = Duration.seconds(1)
    private static let limit = 200

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let types = TicketTypeStore(transaction: transaction)
        let expiring = try types.expiring(limit: Self.limit, at: moment.now)
        let reviewed = try TicketTypeReviewStore(transaction: transaction).take(limit: Self.limit)
        let changed = try types.refreshStatuses(Array(Set(expiring + reviewed)), at: moment.now)
        let messages = changed.map { Outgoing(TicketTypeChanged(ticketType: $0), organizationID: $0.organizationID) }
        return SweepResult(
            effects: Effects(messages: messages),
            hasMore: expiring.count == Self.limit || reviewed.count == Self.limit)
    }
}
