import Contracts

/// An order as refunds see it, with the three steps that a refund takes with it. Each step grows ``version``.
struct RefundableOrder: Sendable, Equatable {
    let id: OrderID
    let organizationID: OrganizationID
    let checkoutID: CheckoutID
    let occurrenceID: OccurrenceID
    let buyer: Buyer
    let chargeID: ChargeID?
    let totalCents: Int
    let currency: Currency
    var status: OrderStatus
    var refundedCents: Int
    /// What the refunds that are under way will add.
    var refundingCents: Int
    var version: Int
    /// In the order of their positions.
    var tickets: [RefundableTicket]

    /// What is left to refund of the payment; refunds under way count as if they had succeeded.
    var leftCents: Int { totalCents - refundedCents - refundingCents }

    /// The tickets that a refund may still take back.
    var leftTickets: [RefundableTicket] { tickets.filter(\.isLeft) }

    /// Takes the tickets of a planned refund back; they keep their places and their status.
    mutating func prepare(_ command: PrepareRefund, _ plan: RefundPlan, at now: Timestamp) -> OrderRefund {
        version += 1
        refundingCents += plan.amountCents
        for index in tickets.indices where plan.ticketIDs.contains(tickets[index].id) {
            tickets[index].refundID = command.refundID
        }
        return OrderRefund(
            id: command.refundID, organizationID: organizationID, orderID: id, cause: command.cause,
            reason: command.draft.reason, amountCents: plan.amountCents, currency: currency, ticketIDs: plan.ticketIDs,
            preparedVersion: version, preparedAt: now, state: .pending)
    }

    /// The money of a pending refund is back.
    /// - Returns: the refund as it ended.
    mutating func complete(_ refund: OrderRefund, at now: Timestamp) -> OrderRefund {
        version += 1
        refundingCents -= refund.amountCents
        refundedCents += refund.amountCents
        let taken = tickets.indices.filter { tickets[$0].refundID == refund.id }
        let shares = RefundPlan.shares(of: refund.amountCents, over: taken.map { tickets[$0].priceCents })
        for (index, share) in zip(taken, shares) {
            tickets[index].status = .refunded
            tickets[index].refundAmountCents = share
        }
        let isWhole = refundedCents == totalCents && tickets.allSatisfy { $0.status == .refunded }
        status = isWhole ? .refunded : .partiallyRefunded
        var refund = refund
        refund.state = .completed(
            at: now, version: version, orderStatus: status, orderRefundedCents: refundedCents)
        return refund
    }

    /// The money of a pending refund stays: its tickets admit again.
    /// - Returns: the refund as it ended.
    mutating func abandon(_ refund: OrderRefund, at now: Timestamp) -> OrderRefund {
        version += 1
        refundingCents -= refund.amountCents
        for index in tickets.indices where tickets[index].refundID == refund.id { tickets[index].refundID = nil }
        var refund = refund
        refund.state = .abandoned(at: now, version: version)
        return refund
    }

    /// How many places of each type a refund takes, in the order of the tickets.
    func quantities(of refund: OrderRefund) -> [TicketQuantity] {
        var types: [TicketTypeID] = []
        var counts: [TicketTypeID: Int] = [:]
        for ticket in tickets where ticket.refundID == refund.id {
            if counts[ticket.ticketTypeID] == nil { types.append(ticket.ticketTypeID) }
            counts[ticket.ticketTypeID, default: 0] += 1
        }
        return types.map { TicketQuantity(ticketTypeID: $0, quantity: counts[$0] ?? 0) }
    }
}
