import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

/// One organisation with an active event, a ticket type and an occurrence a day ahead, in a real database.
struct SaleScene: Sendable {
    static let now = Timestamp.example
    static let startAt = now + .seconds(86_400)
    static let endAt = startAt + .seconds(3600)
    static let expiresAt = now + .seconds(900)

    let database: ServiceDatabase
    let secret: TicketSigningSecret
    let organizationID = OrganizationID(UUID())
    let eventID = EventID(UUID())
    let occurrenceID = OccurrenceID(UUID())
    let ticketTypeID = TicketTypeID(UUID())

    private init(database: ServiceDatabase) throws {
        self.database = database
        secret = try #require(TicketSigningSecret("a secret for tests that is long enough"))
    }

    /// A service without any data, on behalf of which one organisation will ask.
    static func empty(_ body: @Sendable (SaleScene) async throws -> Void) async throws {
        try await ServiceDatabase.with(.ticketing, migrations: ticketingMigrations) { database in
            try await body(SaleScene(database: database))
        }
    }

    /// - Parameters:
    ///   - places: of the occurrence.
    ///   - quantity: of the ticket type.
    static func with(
        places: Int? = 100, quantity: Int? = nil, price: Int = 2500, minCapacity: Int = 1,
        _ body: @Sendable (SaleScene) async throws -> Void
    ) async throws {
        try await empty { scene in
            let draft = EventDraft(
                name: "Night of the Proms", venueName: "Royal Hall", organizerName: "Voelgoed", maxCapacity: places,
                minCapacity: minCapacity)
            try await scene.get(CreateEvent(eventID: scene.eventID, draft: draft), CreateEventHandler())
            try await scene.createTicketType(scene.ticketTypeID, price: price, quantity: quantity)
            try await scene.createOccurrence(scene.occurrenceID)
            try await scene.get(ActivateEvent(eventID: scene.eventID), ActivateEventHandler())
            try await scene.settle()
            try await body(scene)
        }
    }

    // MARK: Requests

    /// Asks one question on behalf of the organisation.
    @discardableResult
    func ask<Handler: RequestHandler>(
        _ body: Handler.Body, _ handler: Handler, as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Answer<Handler.Body.Reply> {
        do {
            let answers = try await database.ask(
                [body], of: handler, organizationID: organizationID ?? self.organizationID, at: now)
            return try #require(answers.first)
        } catch let problem as Problem {
            return Answer(refusing: problem)
        }
    }

    /// The reply to one question.
    @discardableResult
    func get<Handler: RequestHandler>(
        _ body: Handler.Body, _ handler: Handler, as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Handler.Body.Reply {
        try await ask(body, handler, as: organizationID, at: now).reply.get()
    }

    @discardableResult
    func createTicketType(
        _ id: TicketTypeID, price: Int = 2500, quantity: Int? = nil, currency: Currency = .zar,
        validUntil: Timestamp? = nil
    ) async throws -> TicketTypeDetails {
        try await get(
            CreateTicketType(
                ticketTypeID: id, eventID: eventID,
                draft: TicketTypeDraft(
                    name: "General Admission", priceCents: price, currency: currency, quantityAvailable: quantity,
                    validUntil: validUntil, maxQuantity: 100)),
            CreateTicketTypeHandler())
    }

    @discardableResult
    func createOccurrence(
        _ id: OccurrenceID, capacity: Int? = nil, startAt: Timestamp = startAt, endAt: Timestamp = endAt
    ) async throws -> OccurrenceDetails {
        try await get(
            CreateOccurrence(
                occurrenceID: id, eventID: eventID,
                draft: OccurrenceDraft(
                    startAt: startAt, endAt: endAt, timezone: "Africa/Johannesburg", capacityOverride: capacity)),
            CreateOccurrenceHandler(secret: secret))
    }

    func availability(at now: Timestamp = now) async throws -> Availability {
        try await get(GetAvailability(occurrenceID: occurrenceID), GetAvailabilityHandler(), at: now)
    }

    // MARK: Stock commands

    func holdCommand(
        _ orderID: OrderID = OrderID(UUID()), quantity: Int = 1, type: TicketTypeID? = nil,
        attendees: [AttendeeDraft]? = nil
    ) -> HoldTickets {
        HoldTickets(
            checkoutID: CheckoutID(orderID.rawValue), orderID: orderID, occurrenceID: occurrenceID,
            items: [OrderItem(ticketTypeID: type ?? ticketTypeID, quantity: quantity)], buyer: .example,
            attendees: attendees, expiresAt: Self.expiresAt)
    }

    func confirmCommand(
        _ orderID: OrderID, paid: Int = 2500, currency: Currency = .zar, chargeID: ChargeID? = .example
    ) -> ConfirmTickets {
        ConfirmTickets(
            checkoutID: CheckoutID(orderID.rawValue), orderID: orderID, occurrenceID: occurrenceID, chargeID: chargeID,
            paidCents: paid, currency: currency)
    }

    func releaseCommand(_ orderID: OrderID, _ reason: ReleaseReason = .expired) -> ReleaseHold {
        ReleaseHold(
            checkoutID: CheckoutID(orderID.rawValue), orderID: orderID, occurrenceID: occurrenceID, reason: reason)
    }

    @discardableResult
    func hold(
        _ commands: [HoldTickets], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: HoldTicketsHandler(), organizationID: organizationID ?? self.organizationID, at: now)
    }

    @discardableResult
    func confirm(
        _ commands: [ConfirmTickets], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: ConfirmTicketsHandler(secret: secret), organizationID: organizationID ?? self.organizationID,
            at: now)
    }

    @discardableResult
    func release(
        _ commands: [ReleaseHold], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: ReleaseHoldHandler(), organizationID: organizationID ?? self.organizationID, at: now)
    }

    /// Holds and pays an order of one ticket.
    func sell(_ orderID: OrderID = OrderID(UUID()), at now: Timestamp = now) async throws -> OrderCompleted {
        try await hold([holdCommand(orderID)], at: now)
        return try #require(try await confirm([confirmCommand(orderID)], at: now).messages(OrderCompleted.self).first)
    }

    // MARK: The database

    /// Runs the sweeps until nothing is left for them, and drops what they cause.
    func settle(at now: Timestamp = now) async throws {
        _ = try await database.run(TicketTypeStatusSweep(), at: now)
        _ = try await database.run(OccurrenceAnnouncementSweep(), at: now)
    }

    func scalar<Value: PostgresDecodable>(_ query: PostgresQuery, as: Value.Type = Value.self) async throws -> Value {
        try await database.client.query(query).decodeOne(Value.self)
    }

    func statuses(of orderID: OrderID) async throws -> [String] {
        try await database.client.query(
            """
            SELECT status FROM orders WHERE id = \(orderID)
            UNION ALL SELECT status FROM tickets WHERE order_id = \(orderID)
            """
        ).decode(String.self)
    }

    /// Reserved and sold, of the whole occurrence and of the ticket type, which have to be equal here.
    func stock() async throws -> [Int] {
        let pools = try await database.client.query(
            "SELECT reserved, sold FROM inventory_pools WHERE occurrence_id = \(occurrenceID)"
        ).decode((Int, Int).self)
        #expect(pools.count == 2)
        #expect(pools.allSatisfy { $0 == pools[0] })
        return [pools[0].0, pools[0].1]
    }

    /// Invariants 1 and 5: the pools are what the live tickets add up to.
    func expectPoolsToEqualTickets() async throws {
        let wrong: Int = try await scalar(
            """
            SELECT count(*) FROM inventory_pools AS pool CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE status = 'reserved') AS reserved,
                    count(*) FILTER (WHERE status IN ('confirmed', 'checked_in')) AS sold
                FROM tickets WHERE event_occurrence_id = pool.occurrence_id
                    AND (pool.ticket_type_id IS NULL OR ticket_type_id = pool.ticket_type_id)
            ) AS counted
            WHERE pool.reserved <> counted.reserved OR pool.sold <> counted.sold
                OR counted.reserved + counted.sold > pool.capacity
            """)
        #expect(wrong == 0)
    }
}
