import Contracts
import Foundation
import Messaging
import Postgres

/// Runs sagas: reads those that a batch speaks of, lets each hear its events in order, and writes back what became of
/// them, in a handful of statements whatever the batch. Every way into a checkout leads through here.
struct CheckoutRunner: Sendable {
    /// How long a hold lasts.
    let holdDuration: Duration

    /// Something that happened to one checkout.
    struct Arrival: Sendable {
        let key: CheckoutKey
        let event: CheckoutEvent
    }

    /// What came of an arrival.
    struct Step: Sendable {
        let checkout: CheckoutDetails
        let outcome: CheckoutReaction.Outcome
        let effects: Effects
    }

    /// A message about a checkout that its organisation does not have. It can only be a foreign or a damaged message,
    /// since a checkout is stored before anybody hears of it.
    struct UnknownCheckout: Error, Equatable, CustomStringConvertible {
        let id: CheckoutID

        var description: String { "there is no checkout \(id) in the message's organisation" }
    }

    /// Starts checkouts of one organisation. One that exists already is answered as it stands.
    /// - Returns: a step for each request, or nil where the id or the order is another checkout's.
    func begin(
        _ requests: [StartCheckout], organizationID: OrganizationID, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws -> [Step?] {
        let store = CheckoutStore(transaction: transaction)
        let begun = requests.map {
            CheckoutSaga.begin(
                $0, organizationID: organizationID, chargeID: moment.makeID(), holdDuration: holdDuration,
                at: moment.now)
        }
        var inserted = try store.insert(begun.map(\.saga))
        var journal = CheckoutJournal()
        var fresh: [Step?] = []
        for (request, (saga, reaction)) in zip(requests, begun) {
            // Removed, so that a repeated request in the same batch counts as repeated.
            guard inserted.remove(saga.id) != nil else {
                fresh.append(nil)
                continue
            }
            journal.add(
                reaction, on: saga, message: StartCheckout.name, facts: request.facts)
            fresh.append(step(reaction, on: saga))
        }
        try journal.write(in: transaction, at: moment.now)
        guard fresh.contains(where: { $0 == nil }) else { return fresh }

        let known = try store.find(requests.map(\.checkoutID), organizationID: organizationID)
        return zip(requests, fresh).map { request, step in
            step
                ?? known[CheckoutKey(id: request.checkoutID, organizationID: organizationID)].map {
                    Step(checkout: $0.details, outcome: .duplicate, effects: .none)
                }
        }
    }

    /// Lets checkouts hear what happened, each its events in the order given.
    /// - Returns: a step for each arrival, or nil where the organisation has no such checkout.
    func hear(
        _ arrivals: [Arrival], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Step?] {
        let store = CheckoutStore(transaction: transaction)
        var sagas = try store.lock(Set(arrivals.map(\.key)))
        var touched: Set<CheckoutKey> = []
        var journal = CheckoutJournal()
        let steps: [Step?] = arrivals.map { arrival in
            guard var saga = sagas[arrival.key] else { return nil }
            let reaction = saga.handle(arrival.event, at: moment.now)
            if journal.add(reaction, on: saga, message: arrival.event.name, facts: arrival.event.facts) {
                sagas[arrival.key] = saga
                touched.insert(arrival.key)
            }
            return step(reaction, on: saga)
        }
        try store.update(touched.compactMap { sagas[$0] }, at: moment.now)
        try journal.write(in: transaction, at: moment.now)
        return steps
    }

    /// Lets checkouts hear messages of other services.
    /// - Throws: ``UnknownCheckout``.
    func handle<Body: Message>(
        _ messages: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment,
        as event: (Body) -> (CheckoutID, CheckoutEvent)
    ) throws -> [Effects] {
        let arrivals = try messages.map { message in
            let (checkoutID, event) = event(message.body)
            return Arrival(key: CheckoutKey(id: checkoutID, organizationID: try message.organizationID), event: event)
        }
        return try zip(arrivals, hear(arrivals, in: transaction, at: moment)).map { arrival, step in
            guard let step else { throw UnknownCheckout(id: arrival.key.id) }
            return step.effects
        }
    }

    /// Lets checkouts of one organisation hear what their buyers want.
    func answer<Body: Request>(
        _ requests: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment,
        as event: (Body) -> (CheckoutID, CheckoutEvent)
    ) throws -> [Answer<CheckoutDetails>] {
        let arrivals = try requests.map { request in
            let (checkoutID, event) = event(request.body)
            return Arrival(key: CheckoutKey(id: checkoutID, organizationID: try request.organizationID), event: event)
        }
        return try hear(arrivals, in: transaction, at: moment).map { step in
            guard let step else { return Answer(refusing: .notFound("checkout")) }
            if case .refused(let problem) = step.outcome { return Answer(refusing: problem) }
            return Answer(step.checkout, causing: step.effects)
        }
    }

    private func step(_ reaction: CheckoutReaction, on saga: CheckoutSaga) -> Step {
        var effects = Effects.none
        for command in reaction.commands {
            effects.send(command.message, organizationID: saga.organizationID, correlationID: saga.id.rawValue)
        }
        if reaction.outcome == .changed {
            let changed = CheckoutChanged(checkout: saga.details, buyer: saga.buyer)
            effects.send(changed, organizationID: saga.organizationID, correlationID: saga.id.rawValue)
        }
        return Step(checkout: saga.details, outcome: reaction.outcome, effects: effects)
    }
}
