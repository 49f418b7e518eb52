import Contracts
import Foundation
import Messaging
import Postgres

/// Every way into a checkout.
struct CheckoutRunner: Sendable {
    /// How long a hold lasts.
    let holdDuration: Duration

    typealias Step = SagaRunner<CheckoutSaga>.Step

    /// Starts checkouts of one organisation. One that exists already is answered as it stands.
    /// - Returns: an answer for each request; a refusal where the id or the order is another checkout's.
    func begin(
        _ requests: [StartCheckout], organizationID: OrganizationID, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws -> [Answer<CheckoutDetails>] {
        let begun = requests.map { request in
            let (saga, reaction) = CheckoutSaga.begin(
                request, organizationID: organizationID, chargeID: moment.makeID(), holdDuration: holdDuration,
                at: moment.now)
            return SagaRunner<CheckoutSaga>.Beginning(
                saga: saga, reaction: reaction, message: StartCheckout.name, facts: request.facts)
        }
        let steps = try SagaRunner(in: transaction, at: moment).begin(begun)
        let repeated = zip(requests, steps).filter { $1 == nil }.map(\.0.checkoutID.rawValue)
        let known =
            repeated.isEmpty
            ? [:]
            : try SagaStore<CheckoutSaga>(transaction: transaction).find(repeated, organizationID: organizationID)
        return zip(requests, steps).map { request, step in
            if let step { return Answer(step.saga.details, causing: step.effects) }
            guard let saga = known[SagaKey(request.checkoutID, of: organizationID)] else {
                return Answer(refusing: Problem(.conflict, "The checkout's or the order's id is taken."))
            }
            return Answer(saga.details)
        }
    }

    /// Lets checkouts hear messages of other services.
    /// - Throws: ``UnknownSaga``.
    func handle<Body: Message>(
        _ messages: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment,
        as event: (Body) -> (CheckoutID, CheckoutEvent)
    ) throws -> [Effects] {
        try SagaRunner<CheckoutSaga>(in: transaction, at: moment).handle(messages) { body in
            let (checkoutID, event) = event(body)
            return (checkoutID.rawValue, event)
        }
    }

    /// Lets checkouts of one organisation hear what their buyers want.
    func answer<Body: Request>(
        _ requests: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment,
        as event: (Body) -> (CheckoutID, CheckoutEvent)
    ) throws -> [Answer<CheckoutDetails>] {
        let arrivals = try requests.map { request in
            let (checkoutID, event) = event(request.body)
            return SagaRunner<CheckoutSaga>.Arrival(
                key: SagaKey(checkoutID, of: try request.organizationID), event: event)
        }
        return try SagaRunner(in: transaction, at: moment).hear(arrivals).map { step in
            guard let step else { return Answer(refusing: .notFound("checkout")) }
            if case .refused(let problem) = step.reaction.outcome { return Answer(refusing: problem) }
            return Answer(step.saga.details, causing: step.effects)
        }
    }
}
