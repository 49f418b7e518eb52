import Contracts
import Messaging
import Postgres

/// Lets checkouts hear that their timers fired.
struct CheckoutTimerSweep: Sweep {
    let runner: CheckoutRunner

    let name = "checkout-timers"
    let interval = Duration.milliseconds(250)
    private let limit = 200

    init(runner: CheckoutRunner) {
        self.runner = runner
    }

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let due = try CheckoutTimerStore(transaction: transaction).takeDue(at: moment.now, limit: limit)
        guard !due.isEmpty else { return SweepResult() }
        let arrivals = due.map { CheckoutRunner.Arrival(key: $0.key, event: $0.kind.event) }
        var effects = Effects.none
        // A timer always has its checkout: a foreign key says so.
        for step in try runner.hear(arrivals, in: transaction, at: moment) {
            if let step { effects.append(step.effects) }
        }
        return SweepResult(effects: effects, hasMore: due.count == limit)
    }
}
