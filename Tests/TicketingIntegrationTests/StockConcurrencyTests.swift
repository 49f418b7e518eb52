import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Stock under many hands")
struct StockConcurrencyTests {
    @Test("Of 200 holds for 50 places in one batch exactly 50 are granted")
    func oneBatch() async throws {
        try await SaleScene.with(places: 50) { scene in
            let effects = try await scene.hold((0..<200).map { _ in scene.holdCommand() })
            #expect(effects.messages(TicketsHeld.self).count == 50)
            #expect(effects.messages(HoldRefused.self).count == 150)
            #expect(try await scene.scalar("SELECT count(*) FROM tickets WHERE status = 'reserved'") == 50)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("Of 200 holds for 50 places as transactions of their own on several connections exactly 50 are granted")
    func manyTransactions() async throws {
        try await SaleScene.with(places: 50) { scene in
            let names = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<200 {
                    group.addTask { try await scene.hold([scene.holdCommand()]).messageNames }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(names.filter { $0 == TicketsHeld.name }.count == 50)
            #expect(names.filter { $0 == HoldRefused.name }.count == 150)
            #expect(try await scene.scalar("SELECT count(*) FROM tickets WHERE status = 'reserved'") == 50)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("One order that several processes hold at the same time is held once")
    func oneOrder() async throws {
        try await SaleScene.with { scene in
            let command = scene.holdCommand(quantity: 2)
            let answers = try await withThrowingTaskGroup(of: [TicketsHeld].self) { group in
                for _ in 0..<8 {
                    group.addTask { try await scene.hold([command]).messages(TicketsHeld.self) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(answers.count == 8)
            #expect(answers.allSatisfy { $0 == answers[0] })
            #expect(try await scene.stock() == [2, 0])
        }
    }

    @Test("A confirmation and a release at the same time have one winner, and the counters agree with it")
    func confirmAgainstRelease() async throws {
        try await SaleScene.with { scene in
            let orders = (0..<40).map { _ in OrderID(UUID()) }
            try await scene.hold(orders.map { scene.holdCommand($0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for orderID in orders {
                    group.addTask {
                        async let confirmed = scene.confirm([scene.confirmCommand(orderID)])
                        async let released = scene.release([scene.releaseCommand(orderID)])
                        let isConfirmed = try await confirmed.messages(OrderCompleted.self).count == 1
                        let isReleased = try await released.messages(HoldReleased.self).contains {
                            !$0.ticketIDs.isEmpty
                        }
                        #expect(isConfirmed != isReleased)
                        let expected = isConfirmed ? ["completed", "confirmed"] : ["expired", "expired"]
                        #expect(try await scene.statuses(of: orderID) == expected)
                    }
                }
                try await group.waitForAll()
            }
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("Batches over the same occurrences in opposite orders do not deadlock")
    func lockOrder() async throws {
        try await SaleScene.with(places: nil) { scene in
            let occurrences = (0..<5).map { _ in OccurrenceID(UUID()) }
            for id in occurrences { try await scene.createOccurrence(id) }
            let held = try await withThrowingTaskGroup(of: Int.self) { group in
                for round in 0..<24 {
                    group.addTask {
                        let order = round.isMultiple(of: 2) ? occurrences : occurrences.reversed()
                        let commands = order.map { id in
                            var command = scene.holdCommand()
                            command.occurrenceID = id
                            return command
                        }
                        return try await scene.hold(commands).messages(TicketsHeld.self).count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(held == 24 * 5)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A lowered capacity and holds at the same time never leave more held than there is")
    func capacityAgainstHolds() async throws {
        try await SaleScene.with(places: 20) { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await scene.hold([scene.holdCommand()]) }
                }
                group.addTask {
                    try await scene.ask(
                        UpdateEvent(eventID: scene.eventID, changes: ["max_capacity": .integer(10)]),
                        UpdateEventHandler())
                }
                try await group.waitForAll()
            }
            let available = try await scene.availability()
            #expect(available.capacity == 10 || available.capacity == 20)
            #expect(available.reserved <= available.capacity ?? 0)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("The database refuses what code would get wrong")
    func constraints() async throws {
        try await SaleScene.with(places: 5) { scene in
            try await scene.hold([scene.holdCommand(quantity: 5)])
            for (change, constraint) in [
                ("reserved = reserved + 1", "inventory_pool_capacity_check"),
                ("sold = sold + 1", "inventory_pool_capacity_check"),
                ("capacity = 4", "inventory_pool_capacity_check"),
                ("reserved = -1", "inventory_pool_reserved_check"),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await scene.database.client.query(
                        "UPDATE inventory_pools SET \(unescaped: change) WHERE ticket_type_id IS NULL")
                }
                #expect(error?.constraint == constraint)
            }
            for (change, constraint) in [
                ("status = 'completed'", "order_completed_check"),
                ("status = 'completed', completed_at = now()", "order_paid_check"),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await scene.database.client.query("UPDATE orders SET \(unescaped: change)")
                }
                #expect(error?.constraint == constraint)
            }
            let error = await #expect(throws: PostgresError.self) {
                try await scene.database.client.query("UPDATE tickets SET status = 'confirmed'")
            }
            #expect(error?.constraint == "ticket_confirmed_check")
        }
    }
}
