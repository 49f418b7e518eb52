import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Requests about orders and tickets, and the walls between tenants")
struct OrderRequestTests {
    @Test("A completed order shows its tickets with their codes, a held one without")
    func order() async throws {
        try await SaleScene.with { scene in
            let held = scene.holdCommand(quantity: 2)
            try await scene.hold([held])
            let before = try await scene.get(GetOrder(orderID: held.orderID), GetOrderHandler())
            #expect(before.status == .reserved && before.totalCents == 5000 && before.buyer == .example)
            #expect(before.tickets.map(\.code) == [nil, nil])
            #expect(before.tickets.allSatisfy { $0.publicID.count == 10 && $0.status == .reserved })
            try await scene.confirm([scene.confirmCommand(held.orderID, paid: 5000)])
            let after = try await scene.get(GetOrder(orderID: held.orderID), GetOrderHandler())
            #expect(after.status == .completed)
            #expect(after.tickets.map(\.publicID) == before.tickets.map(\.publicID))
            #expect(after.tickets.allSatisfy { $0.code?.hasPrefix("VG1") == true && $0.confirmedAt == SaleScene.now })
            let ticket = try #require(after.tickets.first)
            #expect(try await scene.get(GetTicket(ticketID: ticket.id), GetTicketHandler()) == ticket)
            #expect(ticket.ticketTypeName == "General Admission" && ticket.priceCents == 2500)
        }
    }

    @Test("Orders are found by the buyer's address in any case, and by occurrence, newest first in pages")
    func list() async throws {
        try await SaleScene.with { scene in
            var ids: [OrderID] = []
            for number in 0..<4 {
                var command = scene.holdCommand(
                    OrderID(try #require(UUID(uuidString: "0192f0c1-0000-7000-8000-00000000000\(number)"))))
                command.buyer.email = number == 3 ? "other@example.org" : "Ada@Example.org"
                try await scene.hold([command])
                ids.append(command.orderID)
            }
            func list(
                _ page: PageRequest = PageRequest(), email: String? = nil, occurrenceID: OccurrenceID? = nil
            ) async throws -> Page<OrderDetails> {
                try await scene.get(
                    ListOrders(page: page, email: email, occurrenceID: occurrenceID), ListOrdersHandler())
            }
            #expect(try await list().data.map(\.id) == ids.reversed())
            #expect(try await list(email: "ADA@example.ORG").data.map(\.id) == [ids[2], ids[1], ids[0]])
            #expect(try await list(email: "ada@example.org", occurrenceID: OccurrenceID(UUID())).data.isEmpty)
            #expect(try await list(occurrenceID: scene.occurrenceID).data.count == 4)
            #expect(try await list(occurrenceID: OccurrenceID(UUID())).data.isEmpty)
            let first = try await list(PageRequest(limit: 3), occurrenceID: scene.occurrenceID)
            let rest = try await list(PageRequest(limit: 3, cursor: first.nextCursor), occurrenceID: scene.occurrenceID)
            #expect(first.data.map(\.id) == [ids[3], ids[2], ids[1]] && rest.data.map(\.id) == [ids[0]])
            #expect(rest.nextCursor == nil)
            #expect(first.data.allSatisfy { $0.tickets.count == 1 })
            let wrong = try await scene.ask(ListOrders(page: PageRequest(), email: "\0"), ListOrdersHandler())
            #expect(wrong.refusal == .validationFailed)
        }
    }

    @Test("Another organisation finds nothing")
    func otherOrganization() async throws {
        try await SaleScene.with { scene in
            let order = try await scene.sell()
            let ticketID = try #require(order.tickets.first?.id)
            let other = OrganizationID(UUID())
            #expect(
                try await scene.ask(GetOrder(orderID: order.orderID), GetOrderHandler(), as: other).refusal == .notFound
            )
            #expect(
                try await scene.ask(GetTicket(ticketID: ticketID), GetTicketHandler(), as: other).refusal == .notFound)
            #expect(
                try await scene.ask(GetEvent(eventID: scene.eventID), GetEventHandler(), as: other).refusal == .notFound
            )
            let occurrence = GetOccurrence(occurrenceID: scene.occurrenceID)
            #expect(try await scene.ask(occurrence, GetOccurrenceHandler(), as: other).refusal == .notFound)
            let update = UpdateEvent(eventID: scene.eventID, changes: ["name": .string("Mine")])
            #expect(try await scene.ask(update, UpdateEventHandler(), as: other).refusal == .notFound)
            #expect(try await scene.get(ListOrders(page: PageRequest()), ListOrdersHandler(), as: other).data.isEmpty)
            #expect(try await scene.get(ListEvents(page: PageRequest()), ListEventsHandler(), as: other).data.isEmpty)
        }
    }

    private static let tenantTables = [
        "organizations", "event_definitions", "event_occurrences", "ticket_types", "inventory_pools",
        "ticket_type_reviews", "orders", "order_items", "attendees", "tickets",
    ]

    @Test(
        "The database itself shows a tenant only its own rows, also where a statement forgets to ask",
        arguments: tenantTables)
    func rowLevelSecurity(table: String) async throws {
        try await SaleScene.with { scene in
            _ = try await scene.sell()
            var organization = OrganizationChanged.example
            organization.organizationID = scene.organizationID
            try await scene.database.deliver(
                [organization], to: OrganizationChangedHandler(), organizationID: nil, at: SaleScene.now)
            try await scene.createOccurrence(OccurrenceID(UUID()))
            func count(_ scope: PostgresScope) async throws -> Int {
                try await scene.database.client.withTransaction(scope: scope) {
                    try $0.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
                }
            }
            #expect(try await count(scene.database.tenantScope(scene.organizationID)) > 0)
            #expect(try await count(scene.database.tenantScope(OrganizationID(UUID()))) == 0)
        }
    }

    @Test("Without an organisation the tenants' role sees nothing at all: it fails closed", arguments: tenantTables)
    func failsClosed(table: String) async throws {
        try await SaleScene.with { scene in
            _ = try await scene.sell()
            await #expect(throws: PostgresError.self) {
                try await scene.database.client.withTransaction {
                    try $0.query("SET LOCAL ROLE ticketing_tenant")
                    return try $0.query("SELECT count(*) FROM \(unescaped: table)").count
                }
            }
        }
    }

    @Test(
        "Requests cannot write what only stock commands may, and nobody rewrites prices",
        arguments: [
            ("ticketing_tenant", "UPDATE orders SET status = 'canceled'"),
            ("ticketing_tenant", "UPDATE tickets SET status = 'voided'"),
            ("ticketing_tenant", "DELETE FROM inventory_pools"),
            ("ticketing", "UPDATE order_items SET unit_price_cents = 0"),
            ("ticketing", "DELETE FROM tickets"), ("ticketing", "DELETE FROM orders"),
        ])
    func privileges(role: String, sql: String) async throws {
        try await SaleScene.with { scene in
            _ = try await scene.sell()
            let error = await #expect(throws: PostgresError.self) {
                try await scene.database.client.withTransaction(
                    scope: .tenant(role: role, organizationID: scene.organizationID.rawValue)
                ) { try $0.query("\(unescaped: sql)").count }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test("A row of one organisation cannot point at another's")
    func foreignKeys() async throws {
        try await SaleScene.with { scene in
            _ = try await scene.sell()
            for table in ["orders", "order_items", "tickets", "inventory_pools", "event_occurrences", "ticket_types"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await scene.database.client.query(
                        "UPDATE \(unescaped: table) SET organization_id = \(UUID())")
                }
                #expect(error?.sqlState == "23503")
            }
        }
    }
}
