import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Money that comes after the hold")
struct LateMoneyTests {
    private func late(_ scene: SaleScene, _ orderID: OrderID, paid: Int = 2500) -> ConfirmTickets {
        var command = scene.confirmCommand(orderID, paid: paid)
        command.takesAgain = true
        return command
    }

    /// The answers to confirmations and holds, without what the first sale changes of the occurrence.
    private func answers(_ effects: [Effects]) -> [String] {
        effects.messageNames.filter { $0 != OccurrenceChanged.name }
    }

    @Test(
        "The same places are taken again when they are free, for the same tickets",
        arguments: [ReleaseReason.expired, .canceled])
    func free(reason: ReleaseReason) async throws {
        try await SaleScene.with(places: 2) { scene in
            let orderID = OrderID(UUID())
            let held = try await scene.hold([scene.holdCommand(orderID, quantity: 2)]).messages(TicketsHeld.self)
            try await scene.release([scene.releaseCommand(orderID, reason)])
            let command = late(scene, orderID, paid: 5000)
            let orders = try await scene.confirm([command, command]).messages(OrderCompleted.self)
            #expect(orders.count == 2 && orders[0] == orders[1])
            #expect(orders[0].tickets.map(\.id) == held[0].tickets.map(\.id))
            #expect(try await scene.confirm([command]).messages(OrderCompleted.self) == [orders[0]])
            let order = try await scene.order(orderID)
            #expect(order.status == .completed)
            #expect(order.tickets.allSatisfy { $0.status == .confirmed && $0.canceledAt == nil && $0.code != nil })
            #expect(try await scene.stock() == [0, 2])
            // A release that comes even later finds a completed order.
            let effects = try await scene.release([scene.releaseCommand(orderID, reason)])
            #expect(effects.messages(OrderCompleted.self) == [orders[0]])
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("Places that are sold meanwhile are not sold twice: all are taken again, or none")
    func taken() async throws {
        try await SaleScene.with(places: 2) { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID, quantity: 2)])
            try await scene.release([scene.releaseCommand(orderID)])
            try await scene.hold([scene.holdCommand()])
            let effects = try await scene.confirm([late(scene, orderID, paid: 5000)])
            #expect(effects.messages(ConfirmRefused.self).map(\.reason) == [.holdReleased])
            #expect(try await scene.statuses(of: orderID) == ["expired", "expired", "expired"])
            #expect(try await scene.stock() == [1, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A hold that still stands is confirmed as usual, and a stopped sale of its type does not matter")
    func standing() async throws {
        try await SaleScene.with(places: 1) { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            #expect(try await answers(scene.confirm([late(scene, orderID)])) == [OrderCompleted.name])
            #expect(try await scene.stock() == [0, 1])
        }
        try await SaleScene.with(places: 1) { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            try await scene.release([scene.releaseCommand(orderID)])
            try await scene.get(
                UpdateTicketType(ticketTypeID: scene.ticketTypeID, changes: ["status": .string("disabled")]),
                UpdateTicketTypeHandler())
            #expect(try await answers(scene.confirm([late(scene, orderID)])) == [OrderCompleted.name])
            #expect(try await scene.stock() == [0, 1])
        }
    }

    @Test("Nothing is taken again for a canceled occurrence, after its end, or for the wrong sum")
    func refused() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            try await scene.release([scene.releaseCommand(orderID)])
            func refusals(_ command: ConfirmTickets, at now: Timestamp = SaleScene.now) async throws -> [ConfirmRefusal]
            {
                try await scene.confirm([command], at: now).messages(ConfirmRefused.self).map(\.reason)
            }
            #expect(try await refusals(scene.confirmCommand(orderID)) == [.holdReleased])
            #expect(try await refusals(late(scene, orderID, paid: 2499)) == [.amountMismatch])
            #expect(try await refusals(late(scene, orderID), at: SaleScene.endAt) == [.holdReleased])
            _ = try await scene.cancel().reply.get()
            #expect(try await refusals(late(scene, orderID)) == [.occurrenceCanceled])
            let unheld = OrderID(UUID())
            try await scene.release([scene.releaseCommand(unheld)])
            #expect(try await refusals(late(scene, unheld)) == [.holdReleased])
            #expect(try await scene.statuses(of: orderID) == ["expired", "expired"])
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("What one command of a batch has ended for a wrong sum, the right one takes again")
    func withinOneBatch() async throws {
        try await SaleScene.with { scene in
            let orderID = OrderID(UUID())
            try await scene.hold([scene.holdCommand(orderID)])
            let effects = try await scene.confirm([scene.confirmCommand(orderID, paid: 1), late(scene, orderID)])
            #expect(answers(effects) == [ConfirmRefused.name, OrderCompleted.name])
            #expect(try await scene.statuses(of: orderID) == ["completed", "confirmed"])
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The last place goes to late money or to a new hold, never to both")
    func againstHolds() async throws {
        try await SaleScene.with(places: 1) { scene in
            for _ in 0..<20 {
                let orderID = OrderID(UUID())
                let new = scene.holdCommand()
                try await scene.hold([scene.holdCommand(orderID)])
                try await scene.release([scene.releaseCommand(orderID)])
                async let confirmed = scene.confirm([late(scene, orderID)])
                async let held = scene.hold([new])
                let names = try await [confirmed, held].map(answers)
                let winners = [
                    [[OrderCompleted.name], [HoldRefused.name]], [[ConfirmRefused.name], [TicketsHeld.name]],
                ]
                #expect(winners.contains(names))
                try await scene.expectPoolsToEqualTickets()
                // The place is free again for the next round.
                if names == winners[0] { try await scene.refund(scene.prepareCommand(orderID)) }
                try await scene.release([scene.releaseCommand(new.orderID)])
                #expect(try await scene.stock() == [0, 0])
            }
            try await scene.expectRefundsToAddUp()
        }
    }
}
