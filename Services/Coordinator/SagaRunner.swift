import Contracts
import Foundation
import Messaging
import Postgres

/// Runs the sagas of one kind: reads those that a batch speaks of, lets each hear its events in order, and writes back what
/// became of them, in a handful of statements whatever the batch. Every way into a saga leads through here.
struct SagaRunner<Kept: StoredSaga> {
    let transaction: PostgresTransaction
    let moment: Moment

    /// Something that happened to one saga.
    struct Arrival: Sendable {
        let key: SagaKey
        let event: Kept.Event
    }

    /// What came of an arrival.
    struct Step: Sendable {
        /// The saga afterwards.
        let saga: Kept
        let reaction: SagaReaction<Kept.Command>
    }

    /// A saga that begins, with what follows from that.
    struct Beginning: Sendable {
        let saga: Kept
        let reaction: SagaReaction<Kept.Command>
        /// What the history calls the beginning, and keeps of it.
        let message: String
        let facts: JSONValue
    }

    init(in transaction: PostgresTransaction, at moment: Moment) {
        self.transaction = transaction
        self.moment = moment
    }

    /// Puts new sagas on record.
    /// - Returns: a step for each beginning, or nil where the saga's id is taken.
    func begin(_ beginnings: [Beginning]) throws -> [Step?] {
        var inserted = try SagaStore<Kept>(transaction: transaction).insert(beginnings.map(\.saga))
        var journal = SagaJournal<Kept>()
        let steps: [Step?] = beginnings.map { beginning in
            // Removed, so that a beginning repeated in the same batch counts as repeated.
            guard inserted.remove(beginning.saga.key.id) != nil else { return nil }
            journal.add(
                beginning.reaction, on: beginning.saga, message: beginning.message, facts: beginning.facts)
            return Step(saga: beginning.saga, reaction: beginning.reaction)
        }
        try journal.write(in: transaction, at: moment)
        return steps
    }

    /// Lets sagas hear what happened, each its events in the order given.
    /// - Returns: a step for each arrival, or nil where the organisation has no such saga.
    /// - Throws: ``UnreadableSaga``.
    func hear(_ arrivals: [Arrival]) throws -> [Step?] {
        try hear(arrivals) { throw UnreadableSaga(kind: Kept.kind, key: $0.key) }
    }

    /// Lets sagas hear that their timers fired. One that cannot be read is put off, and an operator is told.
    func fire(_ due: [DueTimer]) throws -> [Step] {
        let arrivals = due.compactMap { due in
            Kept.Event.fired(due.timer.kind).map { Arrival(key: due.key, event: $0) }
        }
        var unreadable = SagaJournal<Kept>()
        let steps = try hear(arrivals) { arrival in
            guard let kind = due.first(where: { $0.key == arrival.key })?.timer.kind else { return }
            unreadable.set(SagaTimer(kind: kind, dueAt: moment.now + .seconds(300)), of: arrival.key)
            unreadable.raise(
                Incident(kind: .unreadable, detail: "The saga's stored form cannot be read."), on: arrival.key)
        }
        try unreadable.write(in: transaction, at: moment)
        return steps.compactMap { $0 }
    }

    private func hear(
        _ arrivals: [Arrival], otherwise: (Arrival) throws -> Void
    ) throws -> [Step?] {
        guard !arrivals.isEmpty else { return [] }
        let store = SagaStore<Kept>(transaction: transaction)
        var read = try store.lock(Set(arrivals.map(\.key)))
        var touched: Set<SagaKey> = []
        var journal = SagaJournal<Kept>()
        let steps: [Step?] = try arrivals.map { arrival in
            if read.unreadable.contains(arrival.key) { try otherwise(arrival) }
            guard var saga = read.sagas[arrival.key] else { return nil }
            let reaction = saga.handle(arrival.event, at: moment.now)
            if journal.add(reaction, on: saga, message: arrival.event.name, facts: arrival.event.facts) {
                read.sagas[arrival.key] = saga
                touched.insert(arrival.key)
            }
            return Step(saga: saga, reaction: reaction)
        }
        try store.update(touched.sorted { $0.id < $1.id }.compactMap { read.sagas[$0] }, at: moment.now)
        try journal.write(in: transaction, at: moment)
        return steps
    }
}

extension SagaRunner.Step where Kept.Command: SagaCommand {
    /// The messages that leave: the saga's commands, and what others hear of its change.
    var effects: Effects {
        var effects = Effects.none
        for command in reaction.commands {
            effects.send(command.message, organizationID: saga.key.organizationID, correlationID: saga.key.id)
        }
        if reaction.outcome == .changed {
            for event in saga.news {
                effects.send(event, organizationID: saga.key.organizationID, correlationID: saga.key.id)
            }
        }
        return effects
    }
}

extension SagaRunner where Kept.Command: SagaCommand {
    /// Lets sagas hear messages of other services.
    /// - Throws: ``UnknownSaga``, ``UnreadableSaga``.
    func handle<Body: Message>(
        _ messages: [Received<Body>], as event: (Body) -> (UUID, Kept.Event)
    ) throws -> [Effects] {
        let arrivals = try messages.map { message in
            let (id, event) = event(message.body)
            return Arrival(key: SagaKey(id, of: try message.organizationID), event: event)
        }
        return try zip(arrivals, hear(arrivals)).map { arrival, step in
            guard let step else { throw UnknownSaga(kind: Kept.kind, key: arrival.key) }
            return step.effects
        }
    }
}
