import Contracts
import Messaging
import Metrics
import Postgres

/// Collects what a batch adds to the history, the timers and the incidents of one kind of sagas, to write each with one
/// statement.
struct SagaJournal<Kept: StoredSaga> {
    private var entries: [SagaHistoryEntry] = []
    private var timers: [TimerSlot: SagaTimer] = [:]
    private var incidents: [IncidentStore.Raised] = []
    private var resolved: [SagaKey] = []

    private struct TimerSlot: Hashable {
        let key: SagaKey
        let kind: SagaTimer.Kind
    }

    /// Takes down a reaction.
    /// - Returns: whether the saga has anything new to store.
    @discardableResult
    mutating func add(
        _ reaction: SagaReaction<Kept.Command>, on saga: Kept, message: String, facts: JSONValue
    ) -> Bool {
        let outcome: SagaHistoryEntry.Outcome
        switch reaction.outcome {
        case .changed: outcome = .changed
        case .noted: outcome = .noted
        case .unexpected:
            outcome = .unexpected
            let dimensions = [("saga", Kept.kind.rawValue), ("state", saga.stateName), ("message", message)]
            Counter(label: "coordinator_unexpected_events_total", dimensions: dimensions).increment()
        case .duplicate, .refused: return false
        }
        entries.append(
            SagaHistoryEntry(
                key: saga.key, sequence: saga.historyLength, state: saga.stateName, message: message,
                outcome: outcome, facts: facts))
        for timer in reaction.timers { set(timer, of: saga.key) }
        if reaction.resolvesIncidents { resolved.append(saga.key) }
        if let incident = reaction.incident { raise(incident, on: saga.key) }
        return true
    }

    /// Sets a timer of a saga that could not be asked for it.
    mutating func set(_ timer: SagaTimer, of key: SagaKey) {
        timers[TimerSlot(key: key, kind: timer.kind)] = timer
    }

    mutating func raise(_ incident: Incident, on key: SagaKey) {
        let dimensions = [("saga", Kept.kind.rawValue), ("kind", incident.kind.rawValue)]
        Counter(label: "coordinator_incidents_total", dimensions: dimensions).increment()
        incidents.append(IncidentStore.Raised(saga: Kept.kind, key: key, incident: incident))
    }

    func write(in transaction: PostgresTransaction, at moment: Moment) throws {
        try SagaHistoryStore(tables: Kept.tables, transaction: transaction).append(entries, at: moment.now)
        try SagaTimerStore(tables: Kept.tables, transaction: transaction).set(
            timers.map { ($0.key.key, $0.value) })
        let store = IncidentStore(transaction: transaction)
        // What a batch resolves was open before it; what it raises stays open.
        try store.resolve(resolved, of: Kept.kind, at: moment.now)
        try store.raise(incidents, at: moment)
    }
}
