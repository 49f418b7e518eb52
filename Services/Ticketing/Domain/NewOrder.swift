import Contracts

/// An order that a batch of holds adds, with what only the database keeps of it.
struct NewOrder: Sendable {
    let order: HeldOrder
    let accountID: AccountID?
    let attendees: [NewAttendee]
    /// For each ticket the index of its attendee.
    let attendeeIndices: [Int]

    /// - Parameters:
    ///   - command: granted by a plan with exactly this quote.
    ///   - makeID: makes an id for a ticket or an attendee.
    ///   - makeCode: makes a confirmation code.
    init(
        _ command: HoldTickets, plan: HoldPlan, at occurrence: OccurrenceOnSale,
        makeID: () -> TicketID, makeAttendeeID: () -> AttendeeID, makeCode: () -> String
    ) {
        let buyer = command.buyer
        var attendees: [NewAttendee] = []
        var attendeeIndices: [Int] = []
        var tickets: [HeldOrderTicket] = []
        let named = command.attendees ?? []
        var buyerIndex: Int?
        for line in plan.quote.lines {
            for _ in 0..<line.quantity {
                let index: Int
                if tickets.count < named.count {
                    index = attendees.count
                    attendees.append(NewAttendee(id: makeAttendeeID(), draft: named[tickets.count], buyer: buyer))
                } else if let known = buyerIndex {
                    index = known
                } else {
                    index = attendees.count
                    buyerIndex = index
                    attendees.append(NewAttendee(id: makeAttendeeID(), buyer: buyer))
                }
                attendeeIndices.append(index)
                tickets.append(
                    HeldOrderTicket(
                        id: makeID(), ticketTypeID: line.ticketTypeID, ticketTypeName: line.name, publicID: makeCode(),
                        holderName: attendees[index].name, holderEmail: attendees[index].email,
                        priceCents: line.unitPriceCents, code: nil, revision: 0))
            }
        }
        order = HeldOrder(
            id: command.orderID, organizationID: occurrence.organizationID, checkoutID: command.checkoutID,
            occurrenceID: occurrence.id, status: .reserved, buyer: buyer, quote: plan.quote,
            expiresAt: command.expiresAt, tickets: tickets)
        accountID = occurrence.accountID
        self.attendees = attendees
        self.attendeeIndices = attendeeIndices
    }
}
