import Contracts

/// One refund of an order, of some of its tickets, or of an amount (design, section 6). `docs/refund-saga.md` draws it.
///
/// The tickets stop admitting first, so that nobody gets both the money and the evening; then the money goes back; only then
/// are the places free again. If the provider keeps the money, the tickets admit again.
struct RefundSaga: Saga {
    static let kind = SagaKind.refund

    let id: RefundID
    let organizationID: OrganizationID
    let orderID: OrderID
    let checkoutID: CheckoutID
    let occurrenceID: OccurrenceID
    let draft: RefundDraft
    let cause: RefundCause
    let currency: Currency
    let createdAt: Timestamp

    private(set) var state = RefundState.requested
    /// Grows whenever readers see something else.
    private(set) var version = 1
    private(set) var historyLength = 1
    /// As quoted at first; what Ticketing prepared once it has.
    private(set) var amountCents: Int
    private(set) var ticketIDs: [TicketID]
    /// The charge that paid; nil as long as it is not known, and for a free order.
    private(set) var chargeID: ChargeID?
    private(set) var failure: String?
    /// Whether Ticketing has said that the tickets of a failed refund admit again.
    private(set) var isAbandoned = false
    /// How often the answer that is due was asked for again.
    private(set) var reminders = 0
    private(set) var incident: Incident.Kind?
    private(set) var updatedAt: Timestamp

    var key: SagaKey { SagaKey(id, of: organizationID) }
    var stateName: String { state.rawValue }

    /// The refund as readers see it.
    var details: RefundDetails {
        RefundDetails(
            id: id, state: state, orderID: orderID, checkoutID: checkoutID, occurrenceID: occurrenceID,
            amountCents: amountCents, currency: currency, ticketIDs: ticketIDs, cause: cause, reason: draft.reason,
            failure: failure, createdAt: createdAt, updatedAt: updatedAt, version: version)
    }

    /// Begins a refund: Ticketing is asked to take the tickets back.
    static func begin(
        _ id: RefundID, of orderID: OrderID, draft: RefundDraft, quote: RefundQuote, cause: RefundCause,
        organizationID: OrganizationID, at now: Timestamp
    ) -> (saga: RefundSaga, reaction: RefundReaction) {
        let saga = RefundSaga(
            id: id, organizationID: organizationID, orderID: orderID, checkoutID: quote.checkoutID,
            occurrenceID: quote.occurrenceID, draft: draft, cause: cause, currency: quote.currency, createdAt: now,
            amountCents: quote.amountCents, ticketIDs: quote.ticketIDs, updatedAt: now)
        return (saga, .changed(saga.prepareCommand, timers: [Patience.timer(afterReminders: 0, from: now)]))
    }

    mutating func handle(_ event: RefundEvent, at now: Timestamp) -> RefundReaction {
        let before = (state: state, incident: incident)
        var reaction = react(to: event, at: now)
        if before.incident != nil, before.state != state { reaction = reaction.resolvingIncidents() }
        if reaction.resolvesIncidents { incident = nil }
        if let raised = reaction.incident { incident = raised.kind }
        switch reaction.outcome {
        case .changed:
            version += 1
            historyLength += 1
            updatedAt = now
        case .noted, .unexpected:
            historyLength += 1
        case .duplicate, .refused:
            break
        }
        return reaction
    }

    /// The table of the saga: one row a state and event, most particular rows first.
    private mutating func react(to event: RefundEvent, at now: Timestamp) -> RefundReaction {
        switch (state, event) {
        case (.requested, .prepared(let prepared)): returnMoney(of: prepared, at: now)
        case (.refused, .prepared): .unexpected
        case (_, .prepared): .duplicate

        case (.requested, .refused(let refused)): refuse(refused)
        case (.refused, .refused): .duplicate
        case (_, .refused): .unexpected

        case (.refunding, .moneyPending): wait()
        case (.requested, .moneyPending), (.refused, .moneyPending): .unexpected
        case (_, .moneyPending): .duplicate

        case (.refunding, .moneyReturned), (.pending, .moneyReturned): complete(at: now)
        case (.completing, .moneyReturned), (.completed, .moneyReturned): .duplicate
        case (.failed, .moneyReturned): callForLateReturn()
        case (_, .moneyReturned): .unexpected

        case (.refunding, .moneyKept(let failure)), (.pending, .moneyKept(let failure)): fail(failure, at: now)
        case (.failed, .moneyKept): .duplicate
        case (_, .moneyKept): .unexpected

        case (.completing, .orderRefunded): end()
        case (.completed, .orderRefunded): .duplicate
        case (_, .orderRefunded): .unexpected

        case (.failed, .abandoned): noteAbandonment()
        case (_, .abandoned): .unexpected

        case (_, .answerDue): remind(at: now)
        }
    }

    /// How long a provider may be undecided about a refund before an operator is called.
    static let patienceWithProvider = Duration.seconds(3 * 86_400)
}

extension RefundSaga {
    private mutating func returnMoney(of prepared: RefundPrepared, at now: Timestamp) -> RefundReaction {
        amountCents = prepared.amountCents
        ticketIDs = prepared.ticketIDs
        chargeID = prepared.chargeID
        // A free ticket is taken back without a provider.
        guard amountCents > 0 else { return complete(at: now) }
        return move(to: .refunding, at: now)
    }

    private mutating func refuse(_ refused: RefundRefused) -> RefundReaction {
        state = .refused
        failure = refused.reason.rawValue
        return .changed()
    }

    private mutating func wait() -> RefundReaction {
        state = .pending
        return .changed()
    }

    private mutating func complete(at now: Timestamp) -> RefundReaction {
        move(to: .completing, at: now)
    }

    private mutating func fail(_ failed: RefundFailed, at now: Timestamp) -> RefundReaction {
        failure = failed.reason.rawValue
        let reaction = move(to: .failed, at: now)
        // An organiser who asked sees the answer; nobody waits for the answer to a cancellation's refund.
        guard cause == .occurrenceCanceled else { return reaction }
        return reaction.raising(
            .refundFailed, "Order \(orderID) of a canceled occurrence cannot be refunded: \(failed.reason.rawValue).")
    }

    private func callForLateReturn() -> RefundReaction {
        guard incident != .refundedAfterFailure else { return .duplicate }
        return RefundReaction.noted().raising(
            .refundedAfterFailure, "Refund \(id) had failed, and its money went back all the same.")
    }

    private mutating func end() -> RefundReaction {
        state = .completed
        return .changed()
    }

    private mutating func noteAbandonment() -> RefundReaction {
        guard !isAbandoned else { return .duplicate }
        isAbandoned = true
        return .noted()
    }

    /// Goes on to a state that waits for the answer to a command.
    private mutating func move(to next: RefundState, at now: Timestamp) -> RefundReaction {
        state = next
        reminders = 0
        return .changed(dueCommand.map { [$0] } ?? [], timers: [Patience.timer(afterReminders: 0, from: now)])
    }

    private mutating func remind(at now: Timestamp) -> RefundReaction {
        guard !state.isFinal || (state == .failed && !isAbandoned) else { return .duplicate }
        reminders += 1
        let again = RefundReaction.noted(
            dueCommand.map { [$0] } ?? [], timers: [Patience.timer(afterReminders: reminders, from: now)])
        if state == .pending {
            guard incident == nil, now >= createdAt + Self.patienceWithProvider else { return again }
            return again.raising(.refundUndecided, "Refund \(id) is undecided since \(createdAt).")
        }
        guard reminders == Patience.remindersBeforeIncident else { return again }
        return again.raising(.answerOverdue, "Nobody answers refund \(id), which is \(state.rawValue).")
    }

    /// The command whose answer the state waits for.
    private var dueCommand: RefundCommand? {
        switch state {
        case .requested: prepareCommand
        case .refunding: refundCommand
        case .completing:
            .complete(CompleteRefund(refundID: id, orderID: orderID, occurrenceID: occurrenceID))
        case .failed:
            isAbandoned
                ? nil : .abandon(AbandonRefund(refundID: id, orderID: orderID, occurrenceID: occurrenceID))
        case .pending, .completed, .refused: nil
        }
    }

    private var prepareCommand: RefundCommand {
        .prepare(
            PrepareRefund(refundID: id, orderID: orderID, occurrenceID: occurrenceID, draft: draft, cause: cause))
    }

    private var refundCommand: RefundCommand? {
        chargeID.map { chargeID in
            .refund(
                Refund(
                    refundID: id, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID,
                    amountCents: amountCents, currency: currency, purpose: .order))
        }
    }
}
