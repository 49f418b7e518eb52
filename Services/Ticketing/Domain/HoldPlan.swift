import Contracts

/// A hold that may be granted if there is stock: what it takes and what it costs.
struct HoldPlan: Sendable, Equatable {
    /// More in one order is a matter for the organiser, not for a checkout.
    static let maximumTickets = 100

    let quote: Quote

    /// One entry a ticket type.
    var quantities: [TicketQuantity] {
        quote.lines.map { TicketQuantity(ticketTypeID: $0.ticketTypeID, quantity: $0.quantity) }
    }

    /// The plan for a command, by everything but the stock.
    ///
    /// - Parameters:
    ///   - occurrence: nil when the organisation has no such occurrence.
    ///   - ticketTypes: those of the occurrence's event.
    static func make(
        for command: HoldTickets, at occurrence: OccurrenceOnSale?, ticketTypes: [TicketTypeID: TicketTypeOnSale],
        now: Timestamp
    ) throws(HoldRejection) -> HoldPlan {
        guard let occurrence else { throw HoldRejection(.notFound, "There is no such occurrence.") }
        if let closure = occurrence.closure(at: now) { throw HoldRejection(.salesClosed, closure) }
        guard now < command.expiresAt else {
            throw HoldRejection(.salesClosed, "The time to hold these places was over before they could be held.")
        }
        guard command.buyer.isStorable, (command.attendees ?? []).allSatisfy(\.isStorable) else {
            throw HoldRejection(.invalidItems, "The names of buyer and attendees cannot be stored as they are written.")
        }
        let quantities = try merge(command.items)
        var lines: [QuoteLine] = []
        var currency: Currency?
        for item in quantities {
            guard let type = ticketTypes[item.ticketTypeID] else {
                throw HoldRejection(.invalidItems, "\(item.ticketTypeID) is not a ticket type of this event.")
            }
            if let closure = type.closure(at: now) { throw HoldRejection(.salesClosed, closure) }
            try check(item.quantity, of: type)
            guard currency == nil || currency == type.currency else {
                throw HoldRejection(.invalidItems, "One order can have tickets in one currency only.")
            }
            currency = type.currency
            lines.append(
                QuoteLine(
                    ticketTypeID: type.id, name: type.name, quantity: item.quantity, unitPriceCents: type.priceCents,
                    totalCents: item.quantity * type.priceCents))
        }
        guard let currency else { throw HoldRejection(.invalidItems, "An order needs at least one ticket.") }
        let total = lines.reduce(0) { $0 + $1.totalCents }
        return HoldPlan(quote: Quote(lines: lines, totalCents: total, currency: currency))
    }

    /// Adds up the items of one type, in the order in which the types are first named.
    private static func merge(_ items: [OrderItem]) throws(HoldRejection) -> [TicketQuantity] {
        var order: [TicketTypeID] = []
        var quantities: [TicketTypeID: Int] = [:]
        var total = 0
        for item in items {
            guard item.quantity >= 1 else { throw HoldRejection(.invalidItems, "Every quantity must be 1 or more.") }
            // Checked before it is added, so that no sum can overflow.
            guard item.quantity <= maximumTickets - total else {
                throw HoldRejection(.invalidItems, "One order can have at most \(maximumTickets) tickets.")
            }
            total += item.quantity
            if quantities[item.ticketTypeID] == nil { order.append(item.ticketTypeID) }
            quantities[item.ticketTypeID, default: 0] += item.quantity
        }
        return order.map { TicketQuantity(ticketTypeID: $0, quantity: quantities[$0] ?? 0) }
    }

    private static func check(_ quantity: Int, of type: TicketTypeOnSale) throws(HoldRejection) {
        guard quantity >= type.minQuantity else {
            throw HoldRejection(.invalidItems, "\"\(type.name)\" is sold from \(type.minQuantity) tickets an order.")
        }
        guard quantity <= type.maxQuantity else {
            throw HoldRejection(
                .invalidItems, "At most \(type.maxQuantity) tickets \"\(type.name)\" can be in one order.")
        }
    }
}
