import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Releasing holds")
struct ReleaseHoldTests {
    @Test(
        "A released hold frees its places and ends its order and tickets as the reason says",
        arguments: [(ReleaseReason.expired, "expired"), (.canceled, "canceled"), (.paymentFailed, "canceled")])
    func released(reason: ReleaseReason, status: String) async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand(quantity: 2)
            let held = try await scene.hold([command]).messages(TicketsHeld.self)
            let effects = try await scene.release([scene.releaseCommand(command.orderID, reason)])
            let released = try #require(effects.messages(HoldReleased.self).first)
            #expect(released.ticketIDs == held.first?.tickets.map(\.id))
            #expect(released.reason == reason)
            #expect(try await scene.statuses(of: command.orderID) == [status, status, status])
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The same release again frees nothing twice, alone and within one batch")
    func duplicate() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand(quantity: 2)
            try await scene.hold([command, scene.holdCommand()])
            let release = scene.releaseCommand(command.orderID)
            let first = try await scene.release([release, release]).messages(HoldReleased.self)
            let again = try await scene.release([scene.releaseCommand(command.orderID, .canceled)]).messages(
                HoldReleased.self)
            #expect(first.map(\.ticketIDs.count) == [2, 0])
            #expect(again.map(\.ticketIDs.count) == [0])
            #expect(try await scene.statuses(of: command.orderID) == ["expired", "expired", "expired"])
            #expect(try await scene.stock() == [1, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A release that overtakes its hold makes the hold be refused when it comes")
    func overtaking() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand()
            let release = scene.releaseCommand(command.orderID, .canceled)
            let released = try await scene.release([release, release]).messages(HoldReleased.self)
            #expect(released.map(\.ticketIDs) == [[], []])
            let refused = try await scene.hold([command]).messages(HoldRefused.self)
            #expect(refused.map(\.reason) == [.salesClosed])
            #expect(try await scene.release([release]).messages(HoldReleased.self).map(\.ticketIDs) == [[]])
            #expect(try await scene.stock() == [0, 0])
            // It is no order that anybody would want to see.
            #expect(try await scene.ask(GetOrder(orderID: command.orderID), GetOrderHandler()).refusal == .notFound)
            let list = try await scene.get(ListOrders(page: PageRequest()), ListOrdersHandler())
            #expect(list.data.isEmpty)
        }
    }

    @Test("A completed order is not released; the asker hears that it is completed")
    func completed() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            let order = try await scene.sell(orderID)
            let effects = try await scene.release([scene.releaseCommand(orderID)])
            #expect(effects.messageNames == [OrderCompleted.name])
            #expect(effects.messages(OrderCompleted.self) == [order])
            #expect(try await scene.statuses(of: orderID) == ["completed", "confirmed"])
            #expect(try await scene.stock() == [0, 1])
        }
    }

    @Test(
        "Orders of unknown occurrences and of other organisations are answered, and nothing is released or remembered")
    func foreign() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand()
            try await scene.hold([command])
            let foreign = try await scene.release([scene.releaseCommand(command.orderID)], as: OrganizationID(UUID()))
            var unknown = scene.releaseCommand(OrderID(UUID()))
            unknown.occurrenceID = OccurrenceID(UUID())
            let other = try await scene.release([unknown])
            #expect((foreign + other).messages(HoldReleased.self).map(\.ticketIDs) == [[], []])
            #expect(try await scene.stock() == [1, 0])
            #expect(try await scene.scalar("SELECT count(*) FROM orders") == 1)
        }
    }

    @Test("Released places can be held again")
    func resale() async throws {
        try await SaleScene.with(places: 1) { scene in
            let first = scene.holdCommand()
            try await scene.hold([first])
            #expect(try await scene.hold([scene.holdCommand()]).messages(HoldRefused.self).count == 1)
            try await scene.release([scene.releaseCommand(first.orderID)])
            #expect(try await scene.hold([scene.holdCommand()]).messages(TicketsHeld.self).count == 1)
        }
    }
}
