import Contracts
import Messaging
import Postgres

/// Carries cancellations on: when a step is due, looks at the next checkouts of the occurrence or counts its refunds, lets
/// the saga hear what was found, and does what it wants done.
struct CancellationSweep: Sweep {
    let name = "cancellations"
    let interval = Duration.milliseconds(500)
    /// Each step reads a page, so that few are taken at a time.
    private static let limit = 4
    static let pageSize = 100

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let due = try SagaTimerStore(tables: .cancellations, transaction: transaction)
            .takeDue(at: moment.now, limit: Self.limit)
        guard !due.isEmpty else { return SweepResult() }
        let runner = SagaRunner<CancellationSaga>(in: transaction, at: moment)
        let reader = CancellationReader(transaction: transaction)
        let found = try SagaStore<CancellationSaga>(transaction: transaction).lock(Set(due.map(\.key)))
        // One whose stored form cannot be read is put off by this; what follows is for the others.
        _ = try runner.fire(due.filter { found.unreadable.contains($0.key) })
        let arrivals = try due.compactMap { due -> SagaRunner<CancellationSaga>.Arrival? in
            guard let saga = found.sagas[due.key] else { return nil }
            let event: CancellationEvent =
                saga.isLooking
                ? .pageRead(try reader.page(of: saga, limit: Self.pageSize))
                : .counted(try reader.progress(of: saga))
            return SagaRunner.Arrival(key: due.key, event: event)
        }
        var effects = Effects.none
        for step in try runner.hear(arrivals) {
            guard let step else { continue }
            effects.append(try perform(step, in: transaction, at: moment))
        }
        return SweepResult(effects: effects, hasMore: due.count == Self.limit)
    }

    private func perform(
        _ step: SagaRunner<CancellationSaga>.Step, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects {
        var cancels: [SagaRunner<CheckoutSaga>.Arrival] = []
        var refunds: [SagaRunner<RefundSaga>.Beginning] = []
        for command in step.reaction.commands {
            switch command {
            case .cancel(let checkoutID):
                cancels.append(
                    SagaRunner.Arrival(
                        key: SagaKey(checkoutID, of: step.saga.organizationID), event: .occurrenceCanceled))
            case .refund(let orderID, let draft, let quote):
                refunds.append(
                    .refund(
                        orderID.cancellationRefundID, of: orderID, draft: draft, quote: quote,
                        cause: .occurrenceCanceled, message: OccurrenceCanceled.name,
                        organizationID: step.saga.organizationID, at: moment.now))
            }
        }
        var effects = Effects.none
        for step in try SagaRunner<CheckoutSaga>(in: transaction, at: moment).hear(cancels) {
            if let step { effects.append(step.effects) }
        }
        for step in try SagaRunner<RefundSaga>(in: transaction, at: moment).begin(refunds) {
            if let step { effects.append(step.effects) }
        }
        return effects
    }
}

extension SagaRunner<RefundSaga>.Beginning {
    /// - Parameter message: what the history calls the beginning.
    static func refund(
        _ id: RefundID, of orderID: OrderID, draft: RefundDraft, quote: RefundQuote, cause: RefundCause,
        message: String, organizationID: OrganizationID, at now: Timestamp
    ) -> Self {
        let (saga, reaction) = RefundSaga.begin(
            id, of: orderID, draft: draft, quote: quote, cause: cause, organizationID: organizationID, at: now)
        return Self(saga: saga, reaction: reaction, message: message, facts: draft.facts(of: orderID, cause: cause))
    }
}
