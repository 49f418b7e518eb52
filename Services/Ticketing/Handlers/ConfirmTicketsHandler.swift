import Contracts
import Messaging
import Postgres
import TicketCode

/// Issues the tickets of paid (or free) orders: signs their codes, turns reserved places into sold ones and tells
/// everybody. Two round trips to the database settle a batch of any size.
///
/// What can never be confirmed is released in the same transaction: nobody else would, and the money goes back. Where the
/// money came after the hold had ended, its places are taken again if the command says so and they are still free.
struct ConfirmTicketsHandler: MessageHandler {
    let secret: TicketSigningSecret

    func handle(
        _ messages: [Received<ConfirmTickets>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var batch = try Batch(messages.map(\.body), secret: secret, in: transaction, at: moment)
        var effects = try messages.map { message in
            Effects(
                messages: try batch.answer(message.body, organizationID: message.organizationID).map { Outgoing($0) })
        }
        for change in try batch.write(in: transaction) {
            guard let index = messages.firstIndex(where: { $0.body.occurrenceID == change.occurrence.id }) else {
                continue
            }
            effects[index].send(change)
        }
        return effects
    }
}

/// What one batch of confirmations knows and decides.
private struct Batch {
    private let moment: Moment
    private let secret: TicketSigningSecret
    private let occurrences: [OccurrenceID: OccurrenceFacts]
    private var signingKeys: [OccurrenceID: TicketSigningKey] = [:]
    private var ledger: InventoryLedger
    private var orders: [OrderID: KnownOrder]
    private var completed: [(order: HeldOrder, from: OrderStatus)] = []
    private var ended: [HeldOrder] = []

    init(
        _ commands: [ConfirmTickets], secret: TicketSigningSecret, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws {
        let occurrenceIDs = Array(Set(commands.map(\.occurrenceID)))
        let read = try StockRead(
            occurrenceIDs, orders: commands.map(\.orderID), further: [SaleCatalogue.factsQuery(occurrenceIDs)],
            in: transaction)
        self.moment = moment
        self.secret = secret
        ledger = read.ledger
        orders = read.orders
        occurrences = try SaleCatalogue.facts(read.further[0])
    }

    mutating func answer(_ command: ConfirmTickets, organizationID: OrganizationID) throws -> [any Message] {
        func refused(_ reason: ConfirmRefusal) -> [any Message] {
            [
                ConfirmRefused(
                    checkoutID: command.checkoutID, orderID: command.orderID, occurrenceID: command.occurrenceID,
                    reason: reason)
            ]
        }
        guard let known = orders[command.orderID], known.organizationID == organizationID else {
            return refused(.unknownHold)
        }
        guard case .held(let order) = known else { return refused(.holdReleased) }
        guard let occurrence = occurrences[order.occurrenceID] else {
            throw InventoryError.noPool(order.occurrenceID, nil)
        }
        switch order.status {
        case .completed: return [order.completion(of: occurrence)].compactMap(\.self)
        // Answered when it was completed; to say so again now would make refunded tickets look valid.
        case .partiallyRefunded, .refunded: return []
        case .expired, .canceled:
            guard command.takesAgain == true else { return refused(.holdReleased) }
        case .reserved: break
        }
        guard occurrence.status != .canceled else {
            try cancel(order)
            return refused(.occurrenceCanceled)
        }
        guard order.isPaid(by: command) else {
            try cancel(order)
            return refused(.amountMismatch)
        }
        guard try order.status == .reserved || takeAgain(order, at: occurrence) else { return refused(.holdReleased) }
        let confirmed = try complete(order, paidBy: command.chargeID, at: occurrence)
        return [confirmed.completion(of: occurrence)].compactMap(\.self)
    }

    /// - Returns: the occurrences that are confirmed now because their minimum is sold.
    func write(in transaction: PostgresTransaction) throws -> [OccurrenceChanged] {
        guard !completed.isEmpty || !ended.isEmpty else { return [] }
        let changes = ledger.changes
        var queries = [PoolStore.applyQuery(changes)]
        var expected = [("pools", changes.count)]
        // In this order: what one command of the batch has ended, a later one may take again.
        if !ended.isEmpty {
            queries += OrderWriter.endQueries(ended, at: moment.now)
            expected += [("orders", ended.count), ("tickets", ended.reduce(0) { $0 + $1.tickets.count })]
        }
        if !completed.isEmpty {
            queries += OrderWriter.completeQueries(completed, at: moment.now)
            expected += [("orders", completed.count), ("tickets", completed.reduce(0) { $0 + $1.order.tickets.count })]
        }
        let turned = ledger.turnedTicketTypes
        if !turned.isEmpty { queries.append(TicketTypeReviewStore.insertQuery(turned, at: moment)) }
        let results = try transaction.pipeline(queries)
        for ((what, count), rows) in zip(expected, results) where rows.affectedRows != count {
            throw InventoryError.unexpectedRowCount(what, expected: count, actual: rows.affectedRows)
        }
        return try OccurrenceStore(transaction: transaction).confirm(newlyConfirmed, at: moment.now)
    }

    private var newlyConfirmed: [OccurrenceID] {
        Set(completed.map(\.order.occurrenceID)).filter { id in
            guard let occurrence = occurrences[id], let pool = ledger.pool(id) else { return false }
            let status = occurrence.status.confirmed(sold: pool.sold, minCapacity: occurrence.minCapacity)
            return status != occurrence.status
        }.sorted()
    }

    private mutating func complete(
        _ order: HeldOrder, paidBy chargeID: ChargeID?, at occurrence: OccurrenceFacts
    ) throws -> HeldOrder {
        try ledger.sell(order.quantities, at: order.occurrenceID)
        let key = try signingKey(of: occurrence)
        let from = order.status
        var order = order
        order.status = .completed
        order.chargeID = chargeID
        order.completedAt = moment.now
        for index in order.tickets.indices {
            order.tickets[index].revision = 1
            order.tickets[index].code = try key.sign(ticketID: order.tickets[index].id.rawValue, revision: 1)
        }
        completed.append((order, from))
        orders[order.id] = .held(order)
        return order
    }

    /// Reserves the places of an order again whose hold has ended: all of them, or none.
    /// - Returns: whether they were free and the occurrence is not over.
    private mutating func takeAgain(_ order: HeldOrder, at occurrence: OccurrenceFacts) throws -> Bool {
        guard occurrence.status != .completed, moment.now < occurrence.endAt else { return false }
        do {
            try ledger.reserve(order.quantities, at: order.occurrenceID)
            return true
        } catch is InventoryShortage {
            return false
        }
    }

    /// Gives the places of a hold back; one that has ended has none.
    private mutating func cancel(_ order: HeldOrder) throws {
        guard order.status == .reserved else { return }
        try ledger.release(order.quantities, at: order.occurrenceID)
        var order = order
        order.status = .canceled
        ended.append(order)
        orders[order.id] = .held(order)
    }

    /// - Throws: ``TicketSecretMismatch`` when the gates would not accept what is signed.
    private mutating func signingKey(of occurrence: OccurrenceFacts) throws -> TicketSigningKey {
        if let key = signingKeys[occurrence.id] { return key }
        let key = try TicketSigningKey(secret: secret.bytes, occurrenceID: occurrence.id.rawValue)
        guard key.publicKey == occurrence.publicKey else { throw TicketSecretMismatch(occurrenceID: occurrence.id) }
        signingKeys[occurrence.id] = key
        return key
    }
}
