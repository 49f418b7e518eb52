import Contracts

/// One checkout from hold to tickets (design, section 6; seed B, "Book Event Ticket"). `docs/checkout-saga.md` draws
/// it.
///
/// A pure value: it is told what happened and when, and says what to order. Events may come late, twice or out of
/// order; what cannot be in a state is ``CheckoutReaction/unexpected``, never a crash. Its JSON is what the database
/// keeps.
struct CheckoutSaga: Codable, Sendable, Equatable {
    /// How Ticketing answered the wish to hold.
    enum HoldAnswer: String, Codable, Sendable {
        case held
        case refused
    }

    let id: CheckoutID
    let organizationID: OrganizationID
    let orderID: OrderID
    let occurrenceID: OccurrenceID
    let buyer: Buyer
    let createdAt: Timestamp
    /// When the hold ends.
    let expiresAt: Timestamp

    private(set) var state = CheckoutState.holding
    /// Grows whenever readers see something else.
    private(set) var version = 1
    /// How many lines its history has.
    private(set) var historyLength = 1
    private(set) var holdAnswer: HoldAnswer?
    private(set) var quote: Quote?
    private(set) var tickets: [CheckoutTicket] = []
    private(set) var pendingPayment: PendingPayment?
    /// The attempts to pay, oldest first. Only the last one can be in flight.
    private(set) var charges: [CheckoutCharge] = []
    /// Captured charges that pay for nothing here: their money has to go back.
    private(set) var strayCharges: [ChargeID] = []
    /// The timer fired while a charge was in flight: the hold ends with the charge's failure.
    private(set) var hasHoldEnded = false
    private(set) var isHoldReleased = false
    private(set) var reason: String?

    /// The charge that counts.
    var currentCharge: CheckoutCharge? { charges.last }

    /// Begins a checkout: the tickets are to be held, and the hold's end is timed from now, whether or not an answer
    /// comes.
    ///
    /// - Parameter chargeID: names the charge of a payment that comes with the draft.
    static func begin(
        _ request: StartCheckout, organizationID: OrganizationID, chargeID: ChargeID, holdDuration: Duration,
        at now: Timestamp
    ) -> (saga: CheckoutSaga, reaction: CheckoutReaction) {
        let draft = request.draft
        let saga = CheckoutSaga(
            id: request.checkoutID, organizationID: organizationID, orderID: request.orderID,
            occurrenceID: draft.occurrenceID, buyer: draft.buyer, createdAt: now, expiresAt: now + holdDuration,
            pendingPayment: draft.payment.map { PendingPayment(chargeID: chargeID, instrument: $0) })
        let hold = HoldTickets(
            checkoutID: saga.id, orderID: saga.orderID, occurrenceID: saga.occurrenceID, items: draft.items,
            buyer: draft.buyer, attendees: draft.attendees, expiresAt: saga.expiresAt)
        return (saga, .changed(.hold(hold), timers: [CheckoutTimer(kind: .holdEnd, dueAt: saga.expiresAt)]))
    }

    /// What the event does to the checkout. The same event again is a ``CheckoutReaction/duplicate``.
    mutating func handle(_ event: CheckoutEvent, at now: Timestamp) -> CheckoutReaction {
        let reaction = react(to: event, at: now)
        switch reaction.outcome {
        case .changed:
            version += 1
            historyLength += 1
        case .noted, .unexpected:
            historyLength += 1
        case .duplicate, .refused:
            break
        }
        return reaction
    }

    /// The table of the saga: one row a state and event, most particular rows first.
    private mutating func react(to event: CheckoutEvent, at now: Timestamp) -> CheckoutReaction {
        switch (state, event) {
        case (.holding, .ticketsHeld(let held)): take(held, at: now)
        case (.soldOut, .ticketsHeld), (.canceled, .ticketsHeld), (.expired, .ticketsHeld): giveBackLateHold()
        case (_, .ticketsHeld): .duplicate

        case (.holding, .holdRefused(let refused)): end(refused)
        case (_, .holdRefused): holdAnswer == .held ? .unexpected : .duplicate

        case (.canceled, .holdReleased), (.expired, .holdReleased): noteRelease()
        case (_, .holdReleased): .unexpected

        case (.holding, .holdEnded), (.awaitingPayment, .holdEnded): expire()
        case (.paying, .holdEnded): noteHoldEnd()
        case (_, .holdEnded): .duplicate

        case (_, .paymentRequested(let payment)) where knows(payment.chargeID): .duplicate
        case (.awaitingPayment, .paymentRequested(let payment)): pay(payment, at: now)
        case (_, .paymentRequested): refusePayment()

        case (.holding, .cancelRequested), (.awaitingPayment, .cancelRequested): cancel()
        case (.canceled, .cancelRequested): .duplicate
        case (_, .cancelRequested):
            .refused(.conflict, "A checkout that is \(state.rawValue) cannot be canceled.")

        case (.paying, .chargePending(let pending)) where isCurrent(pending.chargeID): notePending()
        case (_, .chargePending(let pending)): knows(pending.chargeID) ? .duplicate : .unexpected

        case (.paying, .chargeSucceeded(let success)) where isCurrent(success.chargeID): confirm(paidBy: success)
        // Reported as failed before: the money is there after all, and so are the places.
        case (.awaitingPayment, .chargeSucceeded(let success)) where isCurrent(success.chargeID):
            confirm(paidBy: success)
        case (_, .chargeSucceeded(let success)): keepStray(success.chargeID)

        case (.paying, .chargeFailed(let failure)) where isCurrent(failure.chargeID): fail(failure, at: now)
        case (_, .chargeFailed(let failure)): charge(failure.chargeID)?.state == .failed ? .duplicate : .unexpected

        case (.confirming, .orderCompleted(let order)): complete(order)
        case (.completed, .orderCompleted): .duplicate
        case (_, .orderCompleted): .unexpected

        case (.confirming, .confirmRefused(let refused)): undo(refused)
        case (.refunding, .confirmRefused), (.refunded, .confirmRefused), (.canceled, .confirmRefused): .duplicate
        case (_, .confirmRefused): .unexpected
        }
    }
}

extension CheckoutSaga {
    private func charge(_ chargeID: ChargeID) -> CheckoutCharge? {
        charges.last { $0.id == chargeID }
    }

    private func knows(_ chargeID: ChargeID) -> Bool {
        charge(chargeID) != nil
    }

    private func isCurrent(_ chargeID: ChargeID) -> Bool {
        currentCharge?.id == chargeID
    }

    private mutating func take(_ held: TicketsHeld, at now: Timestamp) -> CheckoutReaction {
        holdAnswer = .held
        quote = held.quote
        tickets = held.tickets.map { CheckoutTicket(id: $0.id, ticketTypeID: $0.ticketTypeID, status: .reserved) }
        // The answer came after the hold's end, but before the timer: nobody may pay any more.
        guard now < expiresAt else { return expire() }
        if held.quote.totalCents == 0 {
            pendingPayment = nil
            return confirm(chargeID: nil, paidCents: 0, currency: held.quote.currency)
        }
        if let payment = pendingPayment {
            return order(payment.chargeID, payment.instrument, for: held.quote)
        }
        state = .awaitingPayment
        return .changed()
    }

    private mutating func end(_ refused: HoldRefused) -> CheckoutReaction {
        holdAnswer = .refused
        pendingPayment = nil
        reason = refused.reason.rawValue
        state = refused.reason == .soldOut ? .soldOut : .canceled
        return .changed()
    }

    /// The places were held although nobody waits for them: the answer crossed the end of the checkout.
    private mutating func giveBackLateHold() -> CheckoutReaction {
        guard holdAnswer != .held else { return .duplicate }
        holdAnswer = .held
        return .noted(.release(release(state == .expired ? .expired : .canceled)))
    }

    private mutating func noteRelease() -> CheckoutReaction {
        guard !isHoldReleased else { return .duplicate }
        isHoldReleased = true
        return .noted()
    }

    /// Places are not given back while money may be in flight (design, section 2, invariant 10).
    private mutating func noteHoldEnd() -> CheckoutReaction {
        guard !hasHoldEnded else { return .duplicate }
        hasHoldEnded = true
        return .noted()
    }

    private mutating func expire() -> CheckoutReaction {
        state = .expired
        pendingPayment = nil
        setTickets(.expired)
        return .changed(.release(release(.expired)))
    }

    private mutating func cancel() -> CheckoutReaction {
        state = .canceled
        pendingPayment = nil
        reason = "canceled"
        setTickets(.canceled)
        return .changed(.release(release(.canceled)))
    }

    private mutating func pay(_ payment: PayCheckout, at now: Timestamp) -> CheckoutReaction {
        guard now < expiresAt, let quote else {
            return .refused(.holdExpired, "The hold ended at \(expiresAt); start a new checkout.")
        }
        return order(payment.chargeID, payment.instrument, for: quote)
    }

    private func refusePayment() -> CheckoutReaction {
        switch state {
        case .expired: .refused(.holdExpired, "The hold ended at \(expiresAt); start a new checkout.")
        case .soldOut: .refused(.soldOut, "There are not enough places left; nothing was held.")
        case .holding: .refused(.conflict, "The tickets are not held yet; pay once the state is awaiting_payment.")
        case .awaitingPayment, .paying, .confirming, .completed, .canceled, .refunding, .refunded:
            .refused(.conflict, "A checkout that is \(state.rawValue) cannot be paid for.")
        }
    }

    private mutating func order(
        _ chargeID: ChargeID, _ instrument: PaymentInstrument, for quote: Quote
    ) -> CheckoutReaction {
        pendingPayment = nil
        charges.append(CheckoutCharge(id: chargeID, state: .initiated))
        state = .paying
        return .changed(
            .charge(
                Charge(
                    chargeID: chargeID, checkoutID: id, orderID: orderID, amountCents: quote.totalCents,
                    currency: quote.currency, instrument: instrument, holdExpiresAt: expiresAt)))
    }

    private mutating func notePending() -> CheckoutReaction {
        guard currentCharge?.state == .initiated else { return .duplicate }
        charges[charges.endIndex - 1].state = .pending
        return .changed()
    }

    private mutating func confirm(paidBy success: ChargeSucceeded) -> CheckoutReaction {
        charges[charges.endIndex - 1].state = .succeeded
        charges[charges.endIndex - 1].failure = nil
        return confirm(chargeID: success.chargeID, paidCents: success.amountCents, currency: success.currency)
    }

    private mutating func confirm(chargeID: ChargeID?, paidCents: Int, currency: Currency) -> CheckoutReaction {
        state = .confirming
        return .changed(
            .confirm(
                ConfirmTickets(
                    checkoutID: id, orderID: orderID, occurrenceID: occurrenceID, chargeID: chargeID,
                    paidCents: paidCents, currency: currency)))
    }

    private mutating func keepStray(_ chargeID: ChargeID) -> CheckoutReaction {
        guard charge(chargeID)?.state != .succeeded, !strayCharges.contains(chargeID) else { return .duplicate }
        strayCharges.append(chargeID)
        return .unexpected
    }

    private mutating func fail(_ failure: ChargeFailed, at now: Timestamp) -> CheckoutReaction {
        charges[charges.endIndex - 1].state = .failed
        charges[charges.endIndex - 1].failure = failure.reason
        guard now < expiresAt, !hasHoldEnded else { return expire() }
        state = .awaitingPayment
        return .changed()
    }

    private mutating func complete(_ order: OrderCompleted) -> CheckoutReaction {
        state = .completed
        tickets = order.tickets.map {
            CheckoutTicket(
                id: $0.id, ticketTypeID: $0.ticketTypeID, status: .confirmed, code: $0.code, publicID: $0.publicID)
        }
        return .changed()
    }

    /// Paid for, but not confirmed: the money has to go back. Without money the checkout is simply over.
    private mutating func undo(_ refused: ConfirmRefused) -> CheckoutReaction {
        reason = refused.reason.rawValue
        guard currentCharge == nil else {
            state = .refunding
            return .changed()
        }
        state = .canceled
        setTickets(.canceled)
        return .changed(.release(release(.canceled)))
    }

    private func release(_ reason: ReleaseReason) -> ReleaseHold {
        ReleaseHold(checkoutID: id, orderID: orderID, occurrenceID: occurrenceID, reason: reason)
    }

    private mutating func setTickets(_ status: TicketStatus) {
        for index in tickets.indices {
            tickets[index].status = status
        }
    }
}
