import Contracts
import Messaging
import Postgres

/// Reserves tickets, all of a command or none. Two round trips to the database settle a batch of any size: one that
/// locks the pools and reads, one that writes.
///
/// A command for an order that is known is answered from what is stored, so that repeating it changes nothing.
struct HoldTicketsHandler: MessageHandler {
    func handle(
        _ messages: [Received<HoldTickets>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var batch = try Batch(messages.map(\.body), in: transaction, at: moment)
        let effects = try messages.map { message in
            Effects(try batch.answer(message.body, organizationID: message.organizationID))
        }
        try batch.write(in: transaction)
        return effects
    }
}

/// What one batch of holds knows and decides.
private struct Batch {
    private let moment: Moment
    private let occurrences: [OccurrenceID: OccurrenceOnSale]
    private let ticketTypes: [OccurrenceID: [TicketTypeID: TicketTypeOnSale]]
    private var ledger: InventoryLedger
    private var orders: [OrderID: KnownOrder]
    private var new: [NewOrder] = []

    init(_ commands: [HoldTickets], in transaction: PostgresTransaction, at moment: Moment) throws {
        let occurrenceIDs = Array(Set(commands.map(\.occurrenceID)))
        let read = try StockRead(
            occurrenceIDs, orders: commands.map(\.orderID),
            further: [
                SaleCatalogue.occurrencesQuery(occurrenceIDs), SaleCatalogue.ticketTypesQuery(occurrenceIDs),
            ], in: transaction)
        self.moment = moment
        ledger = read.ledger
        orders = read.orders
        occurrences = try SaleCatalogue.occurrences(read.further[0])
        ticketTypes = try SaleCatalogue.ticketTypes(read.further[1])
    }

    mutating func answer(_ command: HoldTickets, organizationID: OrganizationID) throws -> any Message {
        do {
            if let known = orders[command.orderID] {
                return try Self.repeatedAnswer(known, organizationID: organizationID)
            }
            let order = try hold(command, organizationID: organizationID)
            return order.ticketsHeld
        } catch let rejection as HoldRejection {
            return HoldRefused(
                checkoutID: command.checkoutID, orderID: command.orderID, occurrenceID: command.occurrenceID,
                reason: rejection.reason, detail: rejection.detail)
        }
    }

    func write(in transaction: PostgresTransaction) throws {
        guard !new.isEmpty else { return }
        let changes = ledger.changes
        let turned = ledger.turnedTicketTypes
        var queries = OrderWriter.insertQueries(new, at: moment.now)
        queries.append(PoolStore.applyQuery(changes))
        if !turned.isEmpty { queries.append(TicketTypeReviewStore.insertQuery(turned, at: moment)) }
        let results = try transaction.pipeline(queries)
        let moved = results[queries.count - (turned.isEmpty ? 1 : 2)].affectedRows
        guard moved == changes.count else {
            throw InventoryError.unexpectedRowCount("pools", expected: changes.count, actual: moved)
        }
    }

    private mutating func hold(_ command: HoldTickets, organizationID: OrganizationID) throws -> HeldOrder {
        let occurrence = occurrences[command.occurrenceID].flatMap { $0.organizationID == organizationID ? $0 : nil }
        let types = ticketTypes[command.occurrenceID] ?? [:]
        let plan = try HoldPlan.make(for: command, at: occurrence, ticketTypes: types, now: moment.now)
        guard let occurrence else { throw HoldRejection(.notFound, "There is no such occurrence.") }
        do {
            try ledger.reserve(plan.quantities, at: occurrence.id)
        } catch let shortage as InventoryShortage {
            throw HoldRejection(shortage, ticketTypeName: shortage.ticketTypeID.flatMap { types[$0]?.name })
        }
        let order = NewOrder(
            command, plan: plan, at: occurrence, makeID: { moment.makeID() }, makeAttendeeID: { moment.makeID() },
            makeCode: { ConfirmationCode.make(from: moment.randomBytes) })
        new.append(order)
        orders[command.orderID] = .held(order.order)
        return order.order
    }

    /// - Throws: ``HoldRejection`` when the order's time has passed.
    private static func repeatedAnswer(_ known: KnownOrder, organizationID: OrganizationID) throws -> any Message {
        // Ids are random: another organisation's order with this id is a forgery, which learns nothing.
        guard known.organizationID == organizationID else {
            throw HoldRejection(.notFound, "There is no such occurrence.")
        }
        switch known {
        case .releasedUnheld:
            throw HoldRejection(.salesClosed, "This order was given up before its places could be held.")
        case .held(let order):
            switch order.status {
            case .reserved, .completed, .partiallyRefunded, .refunded: return order.ticketsHeld
            case .expired, .canceled: throw HoldRejection(.salesClosed, "The hold of this order has ended.")
            }
        }
    }
}
