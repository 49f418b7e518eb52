import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing
import TicketCode

@testable import Ticketing

@Suite("Confirming tickets")
struct ConfirmTicketsTests {
    @Test("A paid order is completed, and its tickets carry codes that the occurrence's key verifies")
    func completed() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            let held = try #require(
                try await scene.hold([scene.holdCommand(orderID, quantity: 2)]).messages(TicketsHeld.self).first)
            let order = try #require(
                try await scene.confirm([scene.confirmCommand(orderID, paid: 5000)]).messages(OrderCompleted.self).first
            )
            #expect(order.tickets.map(\.id) == held.tickets.map(\.id))
            #expect(order.totalCents == 5000 && order.chargeID == .example)
            #expect(order.eventName == "Night of the Proms" && order.venueName == "Royal Hall")
            #expect(order.startAt == SaleScene.startAt && order.completedAt == SaleScene.now)
            #expect(order.buyer == .example)
            let occurrence = try await scene.get(
                GetOccurrence(occurrenceID: scene.occurrenceID), GetOccurrenceHandler())
            let key = try TicketVerifyingKey(
                publicKey: Array(try #require(Data(base64Encoded: occurrence.publicKey))),
                occurrenceID: scene.occurrenceID.rawValue)
            for ticket in order.tickets {
                #expect(key.verify(ticket.code) == .valid(ticketID: ticket.id.rawValue, revision: 1))
                #expect(ticket.publicID.count == 10)
            }
            #expect(try await scene.statuses(of: orderID) == ["completed", "confirmed", "confirmed"])
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The same confirmation again tells the same, alone and within one batch")
    func duplicate() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let command = scene.confirmCommand(orderID)
            let first = try await scene.confirm([command, command]).messages(OrderCompleted.self)
            let again = try await scene.confirm([command], at: SaleScene.now + .seconds(60)).messages(
                OrderCompleted.self)
            #expect(first.count == 2 && first[0] == first[1])
            #expect(again == [first[0]])
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A payment that comes after the hold's time, but before its release, still gets its tickets")
    func afterExpiry() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let effects = try await scene.confirm(
                [scene.confirmCommand(orderID)], at: SaleScene.expiresAt + .seconds(60))
            #expect(effects.messages(OrderCompleted.self).count == 1)
        }
    }

    @Test("A payment that comes after the release is refused, and the place stays free")
    func afterRelease() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            try await scene.release([scene.releaseCommand(orderID)])
            let effects = try await scene.confirm([scene.confirmCommand(orderID)])
            #expect(effects.messages(ConfirmRefused.self).map(\.reason) == [.holdReleased])
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("An order that was released before it was held is refused as released")
    func unheld() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.release([scene.releaseCommand(orderID)])
            let effects = try await scene.confirm([scene.confirmCommand(orderID)])
            #expect(effects.messages(ConfirmRefused.self).map(\.reason) == [.holdReleased])
        }
    }

    @Test("Unknown orders and those of other organisations are unknown")
    func unknown() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let unknown = try await scene.confirm([scene.confirmCommand(OrderID(UUID()))])
            let foreign = try await scene.confirm([scene.confirmCommand(orderID)], as: OrganizationID(UUID()))
            #expect((unknown + foreign).messages(ConfirmRefused.self).map(\.reason) == [.unknownHold, .unknownHold])
            #expect(try await scene.stock() == [1, 0])
        }
    }

    @Test(
        "What was paid must be what the order costs; else the places are free again",
        arguments: [
            (2499, Currency.zar, true), (2501, .zar, true), (2500, .eur, true), (2500, .zar, false), (0, .zar, false),
        ])
    func mismatch(paid: Int, currency: Currency, hasCharge: Bool) async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let command = scene.confirmCommand(
                orderID, paid: paid, currency: currency, chargeID: hasCharge ? .example : nil)
            let effects = try await scene.confirm([command])
            #expect(effects.messages(ConfirmRefused.self).map(\.reason) == [.amountMismatch])
            #expect(try await scene.statuses(of: orderID) == ["canceled", "canceled"])
            let right = try await scene.confirm([scene.confirmCommand(orderID)])
            #expect(right.messages(ConfirmRefused.self).map(\.reason) == [.holdReleased])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A free order needs no charge")
    func free() async throws {
        try await SaleScene.with(price: 0) { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let effects = try await scene.confirm([scene.confirmCommand(orderID, paid: 0, chargeID: nil)])
            let order = try #require(effects.messages(OrderCompleted.self).first)
            #expect(order.chargeID == nil && order.totalCents == 0)
        }
    }

    @Test("Nothing is confirmed for a canceled occurrence, and the places are given back")
    func canceledOccurrence() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            _ = try await scene.database.client.query(
                """
                UPDATE event_occurrences SET status = 'canceled', canceled_at = \(SaleScene.now)
                WHERE id = \(scene.occurrenceID)
                """)
            let effects = try await scene.confirm([scene.confirmCommand(orderID)])
            #expect(effects.messages(ConfirmRefused.self).map(\.reason) == [.occurrenceCanceled])
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The sale that reaches the minimum confirms the occurrence, once")
    func minimum() async throws {
        try await SaleScene.with(minCapacity: 3) { scene in
            let orders = (0..<4).map { _ in OrderID(UUID()) }
            try await scene.hold(orders.map { scene.holdCommand($0) })
            func changes(_ orders: ArraySlice<OrderID>) async throws -> [OccurrenceChanged] {
                try await scene.confirm(orders.map { scene.confirmCommand($0) }).messages(OccurrenceChanged.self)
            }
            #expect(try await changes(orders[0..<2]).isEmpty)
            let changed = try await changes(orders[2..<3])
            #expect(changed.map(\.occurrence.status) == [.confirmed])
            #expect(changed.map(\.occurrence.seatsSold) == [4])
            #expect(changed.map(\.eventStatus) == [.active])
            #expect(try await changes(orders[3..<4]).isEmpty)
        }
    }

    @Test("A changed signing secret issues nothing that no gate would accept")
    func otherSecret() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let other = try #require(TicketSigningSecret(String(repeating: "another secret ", count: 3)))
            await #expect(throws: TicketSecretMismatch(occurrenceID: scene.occurrenceID)) {
                try await scene.database.deliver(
                    [scene.confirmCommand(orderID)], to: ConfirmTicketsHandler(secret: other),
                    organizationID: scene.organizationID, at: SaleScene.now)
            }
            #expect(try await scene.statuses(of: orderID) == ["reserved", "reserved"])
        }
    }

    @Test("One batch settles every order by itself")
    func mixedBatch() async throws {
        try await SaleScene.with { scene in
            let orders = (0..<4).map { _ in OrderID(UUID()) }
            try await scene.hold(orders.map { scene.holdCommand($0) })
            try await scene.release([scene.releaseCommand(orders[1])])
            let effects = try await scene.confirm([
                scene.confirmCommand(orders[0]), scene.confirmCommand(orders[1]),
                scene.confirmCommand(orders[2], paid: 1), scene.confirmCommand(orders[3]),
            ])
            let first = effects.map { [$0].messageNames.first }
            #expect(first == [OrderCompleted.name, ConfirmRefused.name, ConfirmRefused.name, OrderCompleted.name])
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectPoolsToEqualTickets()
        }
    }
}
