import Contracts
import Metrics
import Postgres

/// Collects what a batch adds to history and timers, to write each with one statement.
struct CheckoutJournal {
    private var entries: [CheckoutHistoryEntry] = []
    private var timers: [(key: CheckoutKey, timer: CheckoutTimer)] = []

    /// Takes down a reaction.
    /// - Returns: whether the saga has anything new to store.
    @discardableResult
    mutating func add(
        _ reaction: CheckoutReaction, on saga: CheckoutSaga, message: String, facts: JSONValue
    ) -> Bool {
        let outcome: CheckoutHistoryEntry.Outcome
        switch reaction.outcome {
        case .changed: outcome = .changed
        case .noted: outcome = .noted
        case .unexpected:
            outcome = .unexpected
            let dimensions = [("state", saga.state.rawValue), ("message", message)]
            Counter(label: "coordinator_unexpected_events_total", dimensions: dimensions).increment()
        case .duplicate, .refused: return false
        }
        entries.append(
            CheckoutHistoryEntry(
                key: saga.key, sequence: saga.historyLength, state: saga.state, message: message, outcome: outcome,
                facts: facts))
        timers += reaction.timers.map { (saga.key, $0) }
        return true
    }

    func write(in transaction: PostgresTransaction, at now: Timestamp) throws {
        try CheckoutHistoryStore(transaction: transaction).append(entries, at: now)
        try CheckoutTimerStore(transaction: transaction).set(timers)
    }
}
