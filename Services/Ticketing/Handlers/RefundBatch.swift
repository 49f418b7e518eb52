import Contracts
import Messaging
import Postgres

/// What one batch of refund commands knows and decides. Two round trips to the database settle a batch of any size: one
/// that locks the pools and the tickets and reads, one that writes what the steps have changed.
struct RefundBatch {
    private let moment: Moment
    private let occurrences: [OccurrenceID: OccurrenceFacts]
    private let terms: [OrderID: RefundTerms]
    private let before: [OrderID: RefundableOrder]
    private var ledger: InventoryLedger
    private var orders: [OrderID: RefundableOrder]
    private var refunds: [RefundID: OrderRefund]
    private var prepared: [OrderRefund] = []
    private var ended: [OrderRefund] = []

    /// Settles a batch of commands of one kind.
    ///
    /// - Parameter answer: decides about one command, and says what is answered.
    /// - Returns: the answers, in the order of the messages.
    static func settle<Command: RefundCommand>(
        _ messages: [Received<Command>], in transaction: PostgresTransaction, at moment: Moment,
        _ answer: (inout RefundBatch, Command, OrganizationID) throws -> any Message
    ) throws -> [Effects] {
        var batch = try RefundBatch(messages.map(\.body), in: transaction, at: moment)
        let effects = try messages.map { message in
            Effects(try answer(&batch, message.body, message.organizationID))
        }
        try batch.write(in: transaction)
        return effects
    }

    private init(
        _ commands: [some RefundCommand], in transaction: PostgresTransaction, at moment: Moment
    ) throws {
        let occurrenceIDs = Array(Set(commands.map(\.occurrenceID)))
        let orderIDs = Array(Set(commands.map(\.orderID)))
        let results = try transaction.pipeline([
            PoolStore.lockQuery(occurrenceIDs), RefundQueries.lockedTicketsQuery(orderIDs),
            RefundQueries.ordersQuery(orderIDs), RefundQueries.refundsQuery(commands.map(\.refundID)),
            RefundQueries.termsQuery(orderIDs), SaleCatalogue.factsQuery(occurrenceIDs),
        ])
        self.moment = moment
        ledger = try PoolStore.ledger(results[0])
        before = try RefundQueries.orders(results[2], tickets: results[1])
        orders = before
        refunds = try RefundQueries.refunds(results[3])
        terms = try RefundQueries.terms(results[4])
        occurrences = try SaleCatalogue.facts(results[5])
    }

    /// The order that a command speaks of; nil when the organisation has no such order at that occurrence, whose pools
    /// are the ones that are locked.
    func order(_ command: some RefundCommand, of organizationID: OrganizationID) -> RefundableOrder? {
        orders[command.orderID].flatMap { order in
            order.organizationID == organizationID && order.occurrenceID == command.occurrenceID ? order : nil
        }
    }

    /// The refund that a command speaks of; nil when there is none.
    /// - Throws: ``RefundRejection`` when it is not one of that order. Ids are random: such a command is a forgery,
    ///   which learns nothing.
    func refund(_ command: some RefundCommand, of order: RefundableOrder?) throws(RefundRejection) -> OrderRefund? {
        guard let refund = refunds[command.refundID] else { return nil }
        guard let order, refund.orderID == order.id else {
            throw RefundRejection(.unknownOrder, "There is no such refund.")
        }
        return refund
    }

    func terms(of orderID: OrderID) -> RefundTerms? { terms[orderID] }

    /// The latest word about a refund that is known.
    func answer(_ refund: OrderRefund) throws -> any Message {
        guard let order = orders[refund.orderID], let occurrence = occurrences[order.occurrenceID] else {
            throw InventoryError.noOrder(refund.orderID)
        }
        return refund.answer(of: order, at: occurrence)
    }

    /// Takes the tickets of a planned refund back.
    mutating func prepare(_ command: PrepareRefund, _ plan: RefundPlan) throws -> OrderRefund {
        let now = moment.now
        let refund = try change(command.orderID) { order in order.prepare(command, plan, at: now) }
        prepared.append(refund)
        refunds[refund.id] = refund
        return refund
    }

    /// Gives the places of a pending refund back, and ends it.
    mutating func complete(_ refund: OrderRefund) throws -> OrderRefund {
        if let order = orders[refund.orderID], !refund.ticketIDs.isEmpty {
            try ledger.takeBack(order.quantities(of: refund), at: order.occurrenceID)
        }
        let now = moment.now
        return try end(refund) { order in order.complete(refund, at: now) }
    }

    /// Leaves the tickets of a pending refund to their holders, and ends it.
    mutating func abandon(_ refund: OrderRefund) throws -> OrderRefund {
        let now = moment.now
        return try end(refund) { order in order.abandon(refund, at: now) }
    }

    /// Ends a refund that is pending. A refund ends once: one that has ended is answered as it ended, whichever way the
    /// command wants it.
    mutating func answer(
        ending command: some RefundCommand, of organizationID: OrganizationID,
        _ end: (inout RefundBatch, OrderRefund) throws -> OrderRefund
    ) throws -> any Message {
        do {
            let order = order(command, of: organizationID)
            guard let refund = try refund(command, of: order) else {
                throw RefundRejection(.unknownOrder, "There is no such refund.")
            }
            guard refund.state == .pending else { return try answer(refund) }
            let ended = try end(&self, refund)
            return try answer(ended)
        } catch let rejection as RefundRejection {
            return RefundRefused(command, rejection)
        }
    }

    private func write(in transaction: PostgresTransaction) throws {
        let changed = orders.values.sorted { $0.id < $1.id }.compactMap { order in
            before[order.id].flatMap { $0 == order ? nil : (order: order, before: $0) }
        }
        guard !changed.isEmpty else { return }
        let tickets = changed.flatMap { order, before in
            zip(order.tickets, before.tickets).filter { $0 != $1 }.map(\.0)
        }
        var queries: [PostgresQuery] = []
        var expected: [(what: String, count: Int)] = []
        func add(_ query: PostgresQuery, _ what: String, _ count: Int) {
            guard count > 0 else { return }
            queries.append(query)
            expected.append((what, count))
        }
        add(RefundWriter.insertQuery(prepared), "refunds", prepared.count)
        add(RefundWriter.endQuery(ended), "refunds", ended.count)
        add(RefundWriter.ticketsQuery(tickets, at: moment.now), "tickets", tickets.count)
        add(
            RefundWriter.ordersQuery(changed.map { ($0.order, $0.before.version) }, at: moment.now), "orders",
            changed.count)
        add(PoolStore.applyQuery(ledger.changes), "pools", ledger.changes.count)
        let turned = ledger.turnedTicketTypes
        add(TicketTypeReviewStore.insertQuery(turned, at: moment), "reviews", turned.count)
        let results = try transaction.pipeline(queries)
        for ((what, count), rows) in zip(expected, results) where rows.affectedRows != count {
            throw InventoryError.unexpectedRowCount(what, expected: count, actual: rows.affectedRows)
        }
    }

    private mutating func end(
        _ refund: OrderRefund, _ step: (inout RefundableOrder) -> OrderRefund
    ) throws -> OrderRefund {
        let refund = try change(refund.orderID, step)
        ended.append(refund)
        refunds[refund.id] = refund
        return refund
    }

    private mutating func change<Result>(
        _ orderID: OrderID, _ step: (inout RefundableOrder) -> Result
    ) throws -> Result {
        guard var order = orders[orderID] else { throw InventoryError.noOrder(orderID) }
        let result = step(&order)
        orders[orderID] = order
        return result
    }
}

extension RefundRefused {
    init(_ command: some RefundCommand, _ rejection: RefundRejection) {
        self.init(
            refundID: command.refundID, orderID: command.orderID, occurrenceID: command.occurrenceID,
            reason: rejection.refusal, detail: rejection.detail)
    }
}
