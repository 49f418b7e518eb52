import Contracts

/// The cancellation of one occurrence (design, section 6): page by page it gives up what is not paid and refunds what is,
/// until nothing is left. `docs/cancellation-saga.md` draws it.
///
/// It can stop anywhere and go on: a checkout that is looked at twice is refunded once, under its order's own id.
struct CancellationSaga: Saga {
    static let kind = SagaKind.cancellation

    let occurrenceID: OccurrenceID
    let organizationID: OrganizationID
    let cause: CancellationCause
    /// In the organiser's words, for the attendees.
    let reason: String
    let canceledAt: Timestamp
    let createdAt: Timestamp

    private(set) var state = CancellationState.refunding
    private(set) var historyLength = 1
    /// Whether checkouts are still being looked at; afterwards only the refunds are waited for.
    private(set) var isLooking = true
    /// The last checkout that was looked at in this pass.
    private(set) var cursor: CheckoutID?
    /// Whether this pass has met a checkout that may yet become an order.
    private(set) var hasMetPayment = false
    /// How often nothing had ended: the pauses grow with it.
    private(set) var rounds = 0
    private(set) var completedAt: Timestamp?

    var key: SagaKey { SagaKey(occurrenceID, of: organizationID) }
    var stateName: String { state.rawValue }

    /// The cancellation as readers see it.
    func details(_ progress: CancellationProgress) -> CancellationDetails {
        let pending = progress.open + progress.paying
        return CancellationDetails(
            occurrenceID: occurrenceID, state: state, cause: cause, reason: reason,
            ordersTotal: progress.refunded + progress.failed + pending, ordersRefunded: progress.refunded,
            ordersFailed: progress.failed, ordersPending: pending, refundedCents: progress.refundedCents,
            currency: progress.currency, canceledAt: canceledAt, completedAt: completedAt)
    }

    /// Begins a cancellation: its first page is due at once.
    static func begin(_ canceled: OccurrenceCanceled, at now: Timestamp) -> (CancellationSaga, CancellationReaction) {
        let saga = CancellationSaga(
            occurrenceID: canceled.occurrenceID, organizationID: canceled.organizationID, cause: canceled.cause,
            reason: canceled.reason, canceledAt: canceled.canceledAt, createdAt: now)
        return (saga, .changed(timers: [SagaTimer(kind: .step, dueAt: now)]))
    }

    mutating func handle(_ event: CancellationEvent, at now: Timestamp) -> CancellationReaction {
        let reaction = react(to: event, at: now)
        switch reaction.outcome {
        case .changed, .noted, .unexpected: historyLength += 1
        case .duplicate, .refused: break
        }
        return reaction
    }

    private mutating func react(to event: CancellationEvent, at now: Timestamp) -> CancellationReaction {
        switch (state, event) {
        case (.refunding, .pageRead(let page)) where isLooking: look(at: page, now)
        case (.refunding, .counted(let progress)) where !isLooking: judge(progress, now)
        case (_, .pageRead), (_, .counted): .duplicate
        }
    }

    private mutating func look(at page: CancellationPage, _ now: Timestamp) -> CancellationReaction {
        let commands = page.checkouts.compactMap(command)
        hasMetPayment = hasMetPayment || page.unreadableCount > 0 || page.checkouts.contains(where: \.mayBecomeOrder)
        cursor = page.next
        if page.next != nil { return .noted(commands, timers: [SagaTimer(kind: .step, dueAt: now)]) }
        // A payment under way may still end in tickets: everything is looked at once more when it has ended.
        isLooking = hasMetPayment
        hasMetPayment = false
        return .noted(commands, timers: [pause(from: now)])
    }

    private mutating func judge(_ progress: CancellationProgress, _ now: Timestamp) -> CancellationReaction {
        guard progress.open == 0 else { return .noted(timers: [pause(from: now)]) }
        completedAt = now
        guard progress.failed > 0 else {
            state = .completed
            return .changed()
        }
        state = .incomplete
        return CancellationReaction.changed().raising(
            .cancellationIncomplete,
            "\(progress.failed) orders of the canceled occurrence \(occurrenceID) are not refunded.")
    }

    /// 1, 2, 4 … 30 seconds.
    private mutating func pause(from now: Timestamp) -> SagaTimer {
        let seconds = min(30, 1 << min(rounds, 5))
        rounds += 1
        return SagaTimer(kind: .step, dueAt: now + .seconds(seconds))
    }

    private func command(for checkout: CheckoutSaga) -> CancellationCommand? {
        switch checkout.state {
        case .holding, .awaitingPayment: return .cancel(checkout.id)
        case .completed:
            guard let quote = checkout.quoteOfWhatIsLeft else { return nil }
            return .refund(checkout.orderID, RefundDraft(reason: reason), quote)
        case .paying, .confirming, .soldOut, .canceled, .expired, .refunding, .refunded: return nil
        }
    }
}

extension CheckoutSaga {
    /// Whether a payment is under way that may still end in tickets.
    fileprivate var mayBecomeOrder: Bool { state == .paying || state == .confirming }

    /// What a refund of the tickets that are not refunded yet comes to, as far as the checkout knows; nil when there are
    /// none. Ticketing's word at the preparation counts.
    var quoteOfWhatIsLeft: RefundQuote? {
        guard let quote else { return nil }
        let left = tickets.filter { $0.status != .refunded }
        guard !left.isEmpty else { return nil }
        let prices = Dictionary(quote.lines.map { ($0.ticketTypeID, $0.unitPriceCents) }) { first, _ in first }
        return RefundQuote(
            checkoutID: id, occurrenceID: occurrenceID,
            amountCents: left.reduce(0) { $0 + (prices[$1.ticketTypeID] ?? 0) }, currency: quote.currency,
            ticketIDs: left.map(\.id))
    }
}
