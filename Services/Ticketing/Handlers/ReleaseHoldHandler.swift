import Contracts
import Messaging
import Postgres

/// Gives the places of holds back, each exactly once.
///
/// A release that overtakes its hold is remembered, so that the hold is refused when it comes. A completed order is not
/// released: the asker is told once more that it is completed.
struct ReleaseHoldHandler: MessageHandler {
    func handle(
        _ messages: [Received<ReleaseHold>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var batch = try Batch(messages.map(\.body), in: transaction, at: moment)
        let effects = try messages.map { message in
            Effects(
                messages: try batch.answer(message.body, organizationID: message.organizationID).map { Outgoing($0) })
        }
        try batch.write(in: transaction)
        return effects
    }
}

/// What one batch of releases knows and decides.
private struct Batch {
    private let moment: Moment
    private let occurrences: [OccurrenceID: OccurrenceFacts]
    private var ledger: InventoryLedger
    private var orders: [OrderID: KnownOrder]
    private var ended: [HeldOrder] = []
    private var unheld: [(OrganizationID, ReleaseHold)] = []

    init(_ commands: [ReleaseHold], in transaction: PostgresTransaction, at moment: Moment) throws {
        let occurrenceIDs = Array(Set(commands.map(\.occurrenceID)))
        let read = try StockRead(
            occurrenceIDs, orders: commands.map(\.orderID), further: [SaleCatalogue.factsQuery(occurrenceIDs)],
            in: transaction)
        self.moment = moment
        ledger = read.ledger
        orders = read.orders
        occurrences = try SaleCatalogue.facts(read.further[0])
    }

    mutating func answer(_ command: ReleaseHold, organizationID: OrganizationID) throws -> [any Message] {
        func released(_ tickets: [HeldOrderTicket]) -> [any Message] {
            [
                HoldReleased(
                    checkoutID: command.checkoutID, orderID: command.orderID, occurrenceID: command.occurrenceID,
                    reason: command.reason, ticketIDs: tickets.map(\.id))
            ]
        }
        guard let known = orders[command.orderID], known.organizationID == organizationID else {
            remember(command, organizationID: organizationID)
            return released([])
        }
        guard case .held(var order) = known else { return released([]) }
        switch order.status {
        case .expired, .canceled: return released([])
        case .completed:
            guard let occurrence = occurrences[order.occurrenceID] else { return [] }
            return [order.completion(of: occurrence)].compactMap(\.self)
        // Sold once and paid back since: there is no hold, and nothing to say that was not said.
        case .partiallyRefunded, .refunded: return []
        case .reserved:
            try ledger.release(order.quantities, at: order.occurrenceID)
            order.status = command.reason.orderStatus
            ended.append(order)
            orders[order.id] = .held(order)
            return released(order.tickets)
        }
    }

    func write(in transaction: PostgresTransaction) throws {
        var queries: [PostgresQuery] = []
        var expected: [(what: String, count: Int)] = []
        if !ended.isEmpty {
            let changes = ledger.changes
            queries = OrderWriter.endQueries(ended, at: moment.now) + [PoolStore.applyQuery(changes)]
            expected = [
                ("orders", ended.count), ("tickets", ended.reduce(0) { $0 + $1.tickets.count }),
                ("pools", changes.count),
            ]
            let turned = ledger.turnedTicketTypes
            if !turned.isEmpty { queries.append(TicketTypeReviewStore.insertQuery(turned, at: moment)) }
        }
        if !unheld.isEmpty { queries.append(OrderWriter.insertUnheldQuery(unheld, at: moment.now)) }
        guard !queries.isEmpty else { return }
        let results = try transaction.pipeline(queries)
        for ((what, count), rows) in zip(expected, results) where rows.affectedRows != count {
            throw InventoryError.unexpectedRowCount(what, expected: count, actual: rows.affectedRows)
        }
    }

    /// Only where the hold could ever be granted: an unknown occurrence has nothing to hold.
    private mutating func remember(_ command: ReleaseHold, organizationID: OrganizationID) {
        guard orders[command.orderID] == nil, occurrences[command.occurrenceID]?.organizationID == organizationID else {
            return
        }
        unheld.append((organizationID, command))
        orders[command.orderID] = .releasedUnheld(organizationID)
    }
}
