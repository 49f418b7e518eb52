import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport

@testable import Coordinator

/// One checkout against a real database, and everything that can be said to it. Its hold begins at ``start`` and lasts
/// 15 minutes.
struct CheckoutScene: Sendable {
    static let start = Timestamp.example
    static let holdEnd = start + .seconds(900)

    let database: ServiceDatabase
    let runner = CheckoutRunner(holdDuration: .seconds(900))
    var organizationID = OrganizationID(UUID())
    let checkoutID = CheckoutID(UUID())
    let orderID = OrderID(UUID())
    var occurrenceID = OccurrenceID(UUID())
    let chargeID = ChargeID(UUID())
    let ticketIDs = [TicketID(UUID()), TicketID(UUID())]

    static func with(_ body: @Sendable (CheckoutScene) async throws -> Void) async throws {
        try await ServiceDatabase.with(.coordinator, migrations: coordinatorMigrations) { database in
            try await body(CheckoutScene(database: database))
        }
    }

    var startRequest: StartCheckout {
        StartCheckout(
            checkoutID: checkoutID, orderID: orderID,
            draft: CheckoutDraft(
                occurrenceID: occurrenceID, items: [OrderItem(ticketTypeID: .example, quantity: 2)], buyer: .example))
    }

    var held: TicketsHeld {
        TicketsHeld(
            checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, quote: .example,
            tickets: ticketIDs.map { HeldTicket(id: $0, ticketTypeID: .example) }, expiresAt: Self.holdEnd)
    }

    var refused: HoldRefused {
        HoldRefused(
            checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: .soldOut,
            detail: "Only 1 place is left.")
    }

    var released: HoldReleased {
        HoldReleased(
            checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: .expired,
            ticketIDs: ticketIDs)
    }

    var payment: PayCheckout {
        PayCheckout(checkoutID: checkoutID, chargeID: chargeID, instrument: .example)
    }

    var pending: ChargePending { ChargePending(chargeID: chargeID, checkoutID: checkoutID, orderID: orderID) }

    var success: ChargeSucceeded {
        ChargeSucceeded(
            chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: 5000, currency: .zar,
            provider: "sandbox", providerReference: "sbx_1", capturedAt: Self.start)
    }

    var failure: ChargeFailed {
        ChargeFailed(
            chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, reason: .declined, detail: "Declined.")
    }

    var completed: OrderCompleted {
        var order = OrderCompleted.example
        order.checkoutID = checkoutID
        order.orderID = orderID
        order.tickets = ticketIDs.map { ticketID in
            var ticket = IssuedTicket.example
            ticket.id = ticketID
            return ticket
        }
        return order
    }

    var confirmRefused: ConfirmRefused {
        ConfirmRefused(
            checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: .occurrenceCanceled)
    }

    @discardableResult
    func begin(at now: Timestamp = start) async throws -> Answer<CheckoutDetails> {
        try await ask(StartCheckoutHandler(runner: runner), startRequest, at: now)
    }

    @discardableResult
    func pay(at now: Timestamp = start) async throws -> Answer<CheckoutDetails> {
        try await ask(PayCheckoutHandler(runner: runner), payment, at: now)
    }

    /// From the wish to the tickets.
    func complete() async throws {
        try await begin()
        try await finish()
    }

    /// From the held tickets to the confirmed ones.
    func finish() async throws {
        try await tell(TicketsHeldHandler(runner: runner), held)
        try await pay()
        try await tell(ChargeSucceededHandler(runner: runner), success)
        try await tell(OrderCompletedHandler(runner: runner), completed)
    }

    @discardableResult
    func cancel() async throws -> Answer<CheckoutDetails> {
        try await ask(CancelCheckoutHandler(runner: runner), CancelCheckout(checkoutID: checkoutID))
    }

    /// What its organisation, or another one, reads of the checkout.
    func read(as reader: OrganizationID? = nil) async throws -> Result<CheckoutDetails, Problem> {
        try await ask(GetCheckoutHandler(), GetCheckout(checkoutID: checkoutID), as: reader).reply
    }

    func history(as reader: OrganizationID? = nil) async throws -> [CheckoutTransition] {
        let request = GetCheckoutHistory(checkoutID: checkoutID)
        return try await ask(GetCheckoutHistoryHandler(), request, as: reader).reply.get().data
    }

    @discardableResult
    func ask<Handler: RequestHandler>(
        _ handler: Handler, _ request: Handler.Body, as reader: OrganizationID? = nil, at now: Timestamp = start
    ) async throws -> Answer<Handler.Body.Reply> {
        let answers = try await database.ask(
            [request], of: handler, organizationID: reader ?? organizationID, at: now)
        guard let answer = answers.first else { throw NoAnswer() }
        return answer
    }

    @discardableResult
    func tell<Handler: MessageHandler>(
        _ handler: Handler, _ bodies: Handler.Body..., at now: Timestamp = start
    ) async throws -> [Effects] {
        try await database.deliver(bodies, to: handler, organizationID: organizationID, at: now)
    }

    struct NoAnswer: Error {}
}

extension CheckoutScene {
    init(database: ServiceDatabase, organizationID: OrganizationID) {
        self.init(database: database)
        self.organizationID = organizationID
    }

    /// Another buyer for the same occurrence.
    init(sharing other: CheckoutScene) {
        self.init(database: other.database, organizationID: other.organizationID)
        occurrenceID = other.occurrenceID
    }
}
