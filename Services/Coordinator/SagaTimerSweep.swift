import Contracts
import Messaging
import Postgres

/// Lets sagas of one kind hear that their timers fired.
struct SagaTimerSweep<Kept: StoredSaga>: Sweep where Kept.Command: SagaCommand {
    let name: String
    let interval: Duration
    private let limit = 200

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let due = try SagaTimerStore(tables: Kept.tables, transaction: transaction)
            .takeDue(at: moment.now, limit: limit)
        guard !due.isEmpty else { return SweepResult() }
        let steps = try SagaRunner<Kept>(in: transaction, at: moment).fire(due)
        let effects = steps.reduce(into: Effects.none) { $0.append($1.effects) }
        return SweepResult(effects: effects, hasMore: due.count == limit)
    }
}

extension SagaTimerSweep<CheckoutSaga> {
    static var checkouts: Self { Self(name: "checkout-timers", interval: .milliseconds(250)) }
}

extension SagaTimerSweep<RefundSaga> {
    static var refunds: Self { Self(name: "refund-timers", interval: .milliseconds(500)) }
}
