import Contracts
import Foundation

/// A step of the checkout's saga, beside what the database makes of it.
enum Sagas {
    static func measure() throws -> [Ratio] {
        let start = Timestamp.example
        let (checkoutID, orderID, occurrenceID) = (CheckoutID(UUID()), OrderID(UUID()), OccurrenceID(UUID()))
        let draft = CheckoutDraft(
            occurrenceID: occurrenceID, items: [.example], buyer: .example, attendees: [.example], payment: .example)
        let saga = CheckoutSaga.begin(
            StartCheckout(checkoutID: checkoutID, orderID: orderID, draft: draft),
            organizationID: OrganizationID(UUID()), chargeID: ChargeID(UUID()), holdDuration: .seconds(900), at: start
        ).saga
        let held = CheckoutEvent.ticketsHeld(
            TicketsHeld(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, quote: .example,
                tickets: [.example], expiresAt: start + .seconds(900)))
        let json = try JSONEncoder().encode(saga)
        let decoder = JSONDecoder()
        return [
            try Ratio("a step of the checkout's saga", by: "reading the saga from JSON", limit: 0.2) {
                var saga = saga
                keep(saga.handle(held, at: start))
            } _: {
                keep(try decoder.decode(CheckoutSaga.self, from: json))
            }
        ]
    }
}
