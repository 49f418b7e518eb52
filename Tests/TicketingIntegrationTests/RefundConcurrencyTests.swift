import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Refunds under many hands")
struct RefundConcurrencyTests {
    private func scan(_ scene: SaleScene, _ ticketID: TicketID) -> ScanRecorded {
        ScanRecorded(
            scanID: ScanID(UUID()), occurrenceID: scene.occurrenceID, ticketID: ticketID, direction: .in,
            result: .admitted, isFirstAdmission: true, scannedAt: SaleScene.startAt)
    }

    private func tell(_ scene: SaleScene, _ scans: [ScanRecorded]) async throws {
        try await scene.database.deliver(
            scans, to: ScanRecordedHandler(), organizationID: scene.organizationID, at: SaleScene.startAt)
    }

    @Test("Of many refunds of one order at the same time, no more is granted than was paid")
    func oneOrder() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(4)
            let names = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<24 {
                    let tickets = number.isMultiple(of: 3) ? [sold.tickets[number % 4].id] : nil
                    let amount = number % 3 == 1 ? 1500 : nil
                    group.addTask {
                        let command = scene.prepareCommand(sold.orderID, tickets: tickets, amount: amount)
                        let names = try await scene.prepare([command]).messageNames
                        guard names == [RefundPrepared.name] else { return names }
                        if number.isMultiple(of: 4) {
                            return try await scene.abandon([scene.abandonCommand(command)]).messageNames
                        }
                        return try await scene.complete([scene.completeCommand(command)]).messageNames
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(names.count == 24)
            let order = try await scene.order(sold.orderID)
            #expect(order.refundedCents <= 10_000 && order.refundingCents == nil)
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("One refund that several processes carry out at the same time happens once, each time of every step")
    func oneRefund() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            _ = try await scene.sellOrder(1)
            let command = scene.prepareCommand(sold.orderID)
            let prepared = try await withThrowingTaskGroup(of: [RefundPrepared].self) { group in
                for _ in 0..<8 { group.addTask { try await scene.prepare([command]).messages() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(prepared.count == 8 && prepared.allSatisfy { $0 == prepared[0] })
            let refunded = try await withThrowingTaskGroup(of: [OrderRefunded].self) { group in
                for _ in 0..<8 {
                    group.addTask { try await scene.complete([scene.completeCommand(command)]).messages() }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(refunded.count == 8 && refunded.allSatisfy { $0 == refunded[0] })
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A completion and an abandonment at the same time have one winner, and both are told which")
    func completeAgainstAbandon() async throws {
        try await SaleScene.with { scene in
            for _ in 0..<10 {
                let sold = try await scene.sellOrder(1)
                let command = scene.prepareCommand(sold.orderID)
                try await scene.prepare([command])
                async let completed = scene.complete([scene.completeCommand(command)])
                async let abandoned = scene.abandon([scene.abandonCommand(command)])
                let names = try await [completed, abandoned].map(\.messageNames)
                #expect(names[0] == names[1])
                let isRefunded = names[0] == [OrderRefunded.name]
                #expect(try await scene.order(sold.orderID).status == (isRefunded ? .refunded : .completed))
            }
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("An admission and a refund at the same time agree on whether the ticket was used")
    func refundAgainstScan() async throws {
        try await SaleScene.with { scene in
            for _ in 0..<15 {
                let sold = try await scene.sellOrder(2)
                let command = scene.prepareCommand(sold.orderID)
                try await scene.prepare([command])
                let scans = sold.tickets.reversed().map { scan(scene, $0.id) }
                async let told: Void = tell(scene, scans)
                async let effects = scene.complete([scene.completeCommand(command)])
                try await told
                let refunded = try #require(try await effects.messages(OrderRefunded.self).first)
                let order = try await scene.order(sold.orderID)
                #expect(order.status == .refunded)
                #expect(order.tickets.allSatisfy { $0.status == .refunded })
                #expect(order.tickets.map { $0.checkedInAt != nil } == refunded.tickets.map(\.wasCheckedIn))
                let again = try await scene.complete([scene.completeCommand(command)]).messages(OrderRefunded.self)
                #expect(again == [refunded])
            }
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A used ticket is refunded as used; one that is being refunded may still be told as used before")
    func used() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            try await tell(scene, [scan(scene, sold.tickets[0].id)])
            let command = scene.prepareCommand(sold.orderID)
            try await scene.prepare([command])
            try await tell(scene, [scan(scene, sold.tickets[1].id)])
            let pending = try await scene.order(sold.orderID)
            #expect(pending.tickets.allSatisfy { $0.status == .checkedIn && $0.refundID == command.refundID })
            let effects = try await scene.complete([scene.completeCommand(command)])
            #expect(effects.messages(OrderRefunded.self).first?.tickets.map(\.wasCheckedIn) == [true, true])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A scan that is told late does not make a refunded ticket a used one")
    func lateScan() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            try await scene.refund(scene.prepareCommand(sold.orderID))
            try await tell(scene, [scan(scene, sold.tickets[0].id)])
            let ticket = try await scene.get(GetTicket(ticketID: sold.tickets[0].id), GetTicketHandler())
            #expect(ticket.status == .refunded && ticket.checkedInAt == nil)
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("Refunds and sales at the same time never leave more sold than there is")
    func againstSales() async throws {
        try await SaleScene.with(places: 6) { scene in
            let orders = try await [scene.sellOrder(2), scene.sellOrder(2), scene.sellOrder(2)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sold in orders {
                    group.addTask { try await scene.refund(scene.prepareCommand(sold.orderID)) }
                }
                for _ in 0..<20 {
                    group.addTask {
                        let command = scene.holdCommand()
                        guard try await scene.hold([command]).messageNames == [TicketsHeld.name] else { return }
                        try await scene.confirm([scene.confirmCommand(command.orderID)])
                    }
                }
                try await group.waitForAll()
            }
            try await scene.expectRefundsToAddUp()
        }
    }
}
