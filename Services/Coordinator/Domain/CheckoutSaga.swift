import Contracts

/// One checkout from hold to tickets (design, section 6; seed B, "Book Event Ticket"). `docs/checkout-saga.md` draws
/// it.
///
/// What cannot be in a state is ``SagaReaction/unexpected``, never a crash. What it does with money that bought nothing is
/// in `CheckoutSaga+Refunds.swift`.
struct CheckoutSaga: Saga {
    static let kind = SagaKind.checkout

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

    var state = CheckoutState.holding
    /// Grows whenever readers see something else.
    private(set) var version = 1
    /// How many lines its history has.
    private(set) var historyLength = 1
    private(set) var holdAnswer: HoldAnswer?
    private(set) var quote: Quote?
    private(set) var tickets: [CheckoutTicket] = []
    private(set) var pendingPayment: PendingPayment?
    /// The attempts to pay, oldest first, the one that counts last. Only that one can be in flight.
    var charges: [CheckoutCharge] = []
    /// The timer fired while a charge was in flight or the tickets were being confirmed: the hold ends with the charge's
    /// failure.
    private(set) var hasHoldEnded = false
    private(set) var isReleaseOrdered = false
    private(set) var isHoldReleased = false
    /// Whether the tickets are confirmed although their hold had ended: their places are taken again if they are free.
    private(set) var takesAgain = false
    /// How often the answer that is due was asked for again.
    var reminders = 0
    private(set) var reason: String?
    /// What an operator sees of it.
    private(set) var incident: Incident.Kind?

    var key: SagaKey { SagaKey(id, of: organizationID) }
    var stateName: String { state.rawValue }

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
        return (saga, .changed(.hold(hold), timers: [SagaTimer(kind: .holdEnd, dueAt: saga.expiresAt)]))
    }

    mutating func handle(_ event: CheckoutEvent, at now: Timestamp) -> CheckoutReaction {
        let before = (state: state, incident: incident)
        var reaction = react(to: event, at: now)
        if before.incident != nil, before.state != state { reaction = reaction.resolvingIncidents() }
        if reaction.resolvesIncidents { incident = nil }
        if let raised = reaction.incident { incident = raised.kind }
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

        case (_, .holdReleased): isReleaseOrdered ? noteRelease() : .unexpected

        case (.holding, .holdEnded), (.awaitingPayment, .holdEnded): expire()
        case (.paying, .holdEnded): noteHoldEnd(lookAgainAt: now + Self.patienceWithProvider)
        case (.confirming, .holdEnded): noteHoldEnd(lookAgainAt: now + Patience.wait(afterReminders: 0))
        case (_, .holdEnded): .duplicate

        case (_, .paymentRequested(let payment)) where knows(payment.chargeID): .duplicate
        case (.awaitingPayment, .paymentRequested(let payment)): pay(payment, at: now)
        case (_, .paymentRequested): refusePayment()

        case (.holding, .cancelRequested), (.awaitingPayment, .cancelRequested): cancel("canceled")
        case (.canceled, .cancelRequested): .duplicate
        case (_, .cancelRequested):
            .refused(.conflict, "A checkout that is \(state.rawValue) cannot be canceled.")
        case (.holding, .occurrenceCanceled), (.awaitingPayment, .occurrenceCanceled): cancel("occurrence_canceled")
        case (_, .occurrenceCanceled): .duplicate

        case (.paying, .chargePending(let pending)) where isCurrent(pending.chargeID): notePending()
        case (_, .chargePending(let pending)): knows(pending.chargeID) ? .duplicate : .unexpected

        case (.paying, .chargeSucceeded(let success)) where isCurrent(success.chargeID):
            confirm(paidBy: success, at: now)
        // Reported as failed before: the money is there after all, and so are the places.
        case (.awaitingPayment, .chargeSucceeded(let success)) where hasNoMoney(from: success.chargeID):
            confirm(paidBy: success, at: now)
        // Later still: the places are taken again if they are free.
        case (.expired, .chargeSucceeded(let success)) where hasNoMoney(from: success.chargeID):
            takeAgain(paidBy: success, at: now)
        case (_, .chargeSucceeded(let success)) where knows(success.chargeID): giveBack(success, at: now)
        case (_, .chargeSucceeded(let success)):
            CheckoutReaction.unexpected.raising(.unknownCharge, "Charge \(success.chargeID) was captured unasked.")

        case (.paying, .chargeFailed(let failure)) where isCurrent(failure.chargeID): fail(failure, at: now)
        case (_, .chargeFailed(let failure)): charge(failure.chargeID)?.state == .failed ? .duplicate : .unexpected

        case (.confirming, .orderCompleted(let order)): complete(order)
        case (.completed, .orderCompleted): .duplicate
        case (_, .orderCompleted): .unexpected

        case (.confirming, .confirmRefused(let refused)): undo(refused, at: now)
        case (.refunding, .confirmRefused), (.refunded, .confirmRefused), (.canceled, .confirmRefused): .duplicate
        case (_, .confirmRefused): .unexpected

        case (_, .refundPending(let pending)): notePendingRefund(of: pending.refundID.uselessChargeID)
        case (_, .refundSucceeded(let success)): endRefund(of: success.refundID.uselessChargeID)
        case (_, .refundFailed(let failure)): failRefund(of: failure.refundID.uselessChargeID, failure.reason)

        case (.completed, .orderRefunded(let refunded)): takeBack(refunded.tickets.map(\.id))
        case (_, .orderRefunded): .unexpected

        case (_, .answerDue): remind(at: now)
        }
    }

    /// How long after the hold's end a provider may be undecided before an operator is called.
    static let patienceWithProvider = Duration.seconds(900)
}

extension CheckoutSaga {
    func charge(_ chargeID: ChargeID) -> CheckoutCharge? {
        charges.last { $0.id == chargeID }
    }

    /// Whether the charge is known and nothing was ever captured for it.
    private func hasNoMoney(from chargeID: ChargeID) -> Bool {
        charge(chargeID).map { $0.state != .succeeded } ?? false
    }

    private func knows(_ chargeID: ChargeID) -> Bool {
        charge(chargeID) != nil
    }

    func isCurrent(_ chargeID: ChargeID) -> Bool {
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
            return confirm(at: now)
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
    private mutating func noteHoldEnd(lookAgainAt time: Timestamp) -> CheckoutReaction {
        guard !hasHoldEnded else { return .duplicate }
        hasHoldEnded = true
        return .noted(timers: [SagaTimer(kind: .answerDue, dueAt: time)])
    }

    private mutating func expire() -> CheckoutReaction {
        state = .expired
        pendingPayment = nil
        setTickets(.expired)
        return .changed(.release(release(.expired)))
    }

    private mutating func cancel(_ why: String) -> CheckoutReaction {
        state = .canceled
        pendingPayment = nil
        reason = why
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

    private mutating func confirm(paidBy success: ChargeSucceeded, at now: Timestamp) -> CheckoutReaction {
        noteCapture(success)
        // The charge that pays is the one that counts, whichever was ordered last.
        if let index = charges.firstIndex(where: { $0.id == success.chargeID }) {
            charges.append(charges.remove(at: index))
        }
        return confirm(at: now)
    }

    /// The money came after the hold's end, for a charge that had failed before.
    private mutating func takeAgain(paidBy success: ChargeSucceeded, at now: Timestamp) -> CheckoutReaction {
        guard quote != nil else { return giveBack(success, at: now) }
        takesAgain = true
        setTickets(.reserved)
        return confirm(paidBy: success, at: now)
    }

    private mutating func confirm(at now: Timestamp) -> CheckoutReaction {
        state = .confirming
        reminders = 0
        // The hold's own timer looks after a confirmation without an answer; once it is gone, another one has to.
        let isTimed = now < expiresAt && !hasHoldEnded
        return .changed(
            confirmCommand.map { [$0] } ?? [], timers: isTimed ? [] : [Patience.timer(afterReminders: 0, from: now)])
    }

    /// Nil as long as nothing is held.
    var confirmCommand: CheckoutCommand? {
        guard let quote else { return nil }
        let charge = quote.totalCents == 0 ? nil : currentCharge
        return .confirm(
            ConfirmTickets(
                checkoutID: id, orderID: orderID, occurrenceID: occurrenceID, chargeID: charge?.id,
                paidCents: charge?.capturedCents ?? 0, currency: charge?.currency ?? quote.currency,
                takesAgain: takesAgain ? true : nil))
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
    private mutating func undo(_ refused: ConfirmRefused, at now: Timestamp) -> CheckoutReaction {
        reason = refused.reason.rawValue
        setTickets(.canceled)
        if let charge = currentCharge {
            state = .refunding
            return giveBack(charge.id, at: now)
        }
        state = .canceled
        return .changed(.release(release(.canceled)))
    }

    /// Tickets of the completed order were refunded.
    private mutating func takeBack(_ ids: [TicketID]) -> CheckoutReaction {
        let before = tickets
        for index in tickets.indices where ids.contains(tickets[index].id) {
            tickets[index].status = .refunded
            tickets[index].code = nil
        }
        return tickets == before ? .duplicate : .changed()
    }

    private mutating func release(_ reason: ReleaseReason) -> ReleaseHold {
        isReleaseOrdered = true
        return ReleaseHold(checkoutID: id, orderID: orderID, occurrenceID: occurrenceID, reason: reason)
    }

    private mutating func setTickets(_ status: TicketStatus) {
        for index in tickets.indices {
            tickets[index].status = status
        }
    }
}
