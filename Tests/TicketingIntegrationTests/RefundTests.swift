import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Refunding orders")
struct RefundTests {
    @Test("A refund of everything takes the tickets back first, and gives their places back with the money")
    func whole() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            let ids = sold.tickets.map(\.id)
            let quote = try await scene.quote(sold.orderID).reply.get()
            #expect(quote.amountCents == 5000 && quote.currency == .zar && quote.ticketIDs == ids)
            #expect(quote.checkoutID == sold.checkoutID && quote.occurrenceID == scene.occurrenceID)

            let command = scene.prepareCommand(sold.orderID)
            let prepared = try #require(try await scene.prepare([command]).messages(RefundPrepared.self).first)
            #expect(prepared.amountCents == 5000 && prepared.ticketIDs == ids && prepared.orderVersion == 1)
            #expect(prepared.chargeID == .example && prepared.buyer == .example && prepared.cause == .requested)
            #expect(prepared.reason == "The artist is ill." && prepared.eventName == "Night of the Proms")
            let pending = try await scene.order(sold.orderID)
            #expect(pending.status == .completed && pending.refundedCents == 0 && pending.refundingCents == 5000)
            #expect(pending.tickets.allSatisfy { $0.status == .confirmed && $0.refundID == command.refundID })
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectRefundsToAddUp()

            let effects = try await scene.complete([scene.completeCommand(command)])
            let refunded = try #require(effects.messages(OrderRefunded.self).first)
            #expect(refunded.orderStatus == .refunded && refunded.orderRefundedCents == 5000)
            #expect(refunded.amountCents == 5000 && refunded.orderTotalCents == 5000 && refunded.orderVersion == 2)
            #expect(refunded.tickets.map(\.id) == ids && refunded.tickets.map(\.amountCents) == [2500, 2500])
            #expect(refunded.tickets.allSatisfy { !$0.wasCheckedIn && $0.ticketTypeID == scene.ticketTypeID })
            let order = try await scene.order(sold.orderID)
            #expect(order.status == .refunded && order.refundedCents == 5000 && order.refundingCents == nil)
            #expect(order.tickets.allSatisfy { $0.status == .refunded && $0.refundAmountCents == 2500 })
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectRefundsToAddUp()
            #expect(try await scene.quote(sold.orderID).refusal == .alreadyRefunded)
        }
    }

    @Test("Several partial refunds, of a ticket, of an amount and of the rest, come to the payment exactly")
    func partial() async throws {
        try await SaleScene.with(price: 3333) { scene in
            let sold = try await scene.sellOrder(3, price: 3333)
            let ids = sold.tickets.map(\.id)
            let one = try await scene.refund(scene.prepareCommand(sold.orderID, tickets: [ids[1]]))
            #expect(one.amountCents == 3333 && one.orderStatus == .partiallyRefunded && one.tickets.count == 1)
            #expect(try await scene.stock() == [0, 2])
            let amount = try await scene.refund(scene.prepareCommand(sold.orderID, amount: 1001))
            #expect(amount.tickets.isEmpty && amount.orderRefundedCents == 4334)
            #expect(try await scene.stock() == [0, 2])
            let exceeding = RefundDraft(reason: "More", amountCents: 5666)
            #expect(try await scene.quote(sold.orderID, exceeding).refusal == .refundExceedsPayment)
            let rest = try await scene.refund(scene.prepareCommand(sold.orderID, amount: 5665))
            #expect(rest.tickets.map(\.id) == [ids[0], ids[2]])
            #expect(rest.tickets.map(\.amountCents) == [2833, 2832])
            #expect(rest.orderStatus == .refunded && rest.orderRefundedCents == 9999 && rest.orderVersion == 6)
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("An abandoned refund leaves everything as it was, and the next one may take the same tickets")
    func abandoned() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            let command = scene.prepareCommand(sold.orderID, tickets: [sold.tickets[0].id])
            try await scene.prepare([command])
            let effects = try await scene.abandon([scene.abandonCommand(command)])
            let abandoned = try #require(effects.messages(RefundAbandoned.self).first)
            #expect(abandoned.ticketIDs == [sold.tickets[0].id] && abandoned.orderVersion == 2)
            let order = try await scene.order(sold.orderID)
            #expect(order.status == .completed && order.refundingCents == nil && order.refundedCents == 0)
            #expect(order.tickets.allSatisfy { $0.refundID == nil && $0.status == .confirmed })
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectRefundsToAddUp()
            #expect(try await scene.refund(scene.prepareCommand(sold.orderID)).orderStatus == .refunded)
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("Every command again is answered as the first time, alone and within one batch, and moves nothing")
    func duplicates() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            let command = scene.prepareCommand(sold.orderID, tickets: [sold.tickets[0].id])
            let later = SaleScene.now + .seconds(60)
            let prepared = try await scene.prepare([command, command]).messages(RefundPrepared.self)
            #expect(prepared.count == 2 && prepared[0] == prepared[1])
            #expect(try await scene.prepare([command], at: later).messages(RefundPrepared.self) == [prepared[0]])
            let complete = scene.completeCommand(command)
            let refunded = try await scene.complete([complete, complete]).messages(OrderRefunded.self)
            #expect(refunded.count == 2 && refunded[0] == refunded[1])
            // What happens to the order afterwards changes nothing in what was said of this refund.
            let other = scene.prepareCommand(sold.orderID)
            try await scene.prepare([other])
            #expect(try await scene.complete([complete], at: later).messages(OrderRefunded.self) == [refunded[0]])
            let abandon = scene.abandonCommand(other)
            let abandoned = try await scene.abandon([abandon, abandon]).messages(RefundAbandoned.self)
            #expect(abandoned.count == 2 && abandoned[0] == abandoned[1])
            #expect(try await scene.abandon([abandon], at: later).messages(RefundAbandoned.self) == [abandoned[0]])
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A refund ends once: the other end, and the preparation, are then answered with how it ended")
    func oddOrders() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(2)
            let completed = scene.prepareCommand(sold.orderID, tickets: [sold.tickets[0].id])
            let refunded = try await scene.refund(completed)
            let abandoned = scene.prepareCommand(sold.orderID, tickets: [sold.tickets[1].id])
            try await scene.prepare([abandoned])
            let off = try await scene.abandon([scene.abandonCommand(abandoned)]).messages(RefundAbandoned.self)

            let late = try await scene.abandon([scene.abandonCommand(completed)])
            #expect(late.messageNames == [OrderRefunded.name] && late.messages(OrderRefunded.self) == [refunded])
            let contradiction = try await scene.complete([scene.completeCommand(abandoned)])
            #expect(contradiction.messageNames == [RefundAbandoned.name])
            #expect(contradiction.messages(RefundAbandoned.self) == off)
            let again = try await scene.prepare([completed, abandoned])
            #expect(again.messageNames == [OrderRefunded.name, RefundAbandoned.name])
            let order = try await scene.order(sold.orderID)
            #expect(order.refundedCents == 2500 && order.refundingCents == nil)
            #expect(order.tickets.map(\.status) == [.refunded, .confirmed])
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A refund that was never prepared, or not of this order, is refused and changes nothing")
    func unknown() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let other = try await scene.sellOrder(1)
            let command = scene.prepareCommand(sold.orderID)
            func refusals(_ effects: [Effects]) -> [RefundRefusal] {
                effects.messages(RefundRefused.self).map(\.reason)
            }
            #expect(refusals(try await scene.complete([scene.completeCommand(command)])) == [.unknownOrder])
            #expect(refusals(try await scene.abandon([scene.abandonCommand(command)])) == [.unknownOrder])
            #expect(refusals(try await scene.prepare([scene.prepareCommand(OrderID(UUID()))])) == [.unknownOrder])
            let stranger = OrganizationID(UUID())
            #expect(refusals(try await scene.prepare([command], as: stranger)) == [.unknownOrder])
            #expect(try await scene.quote(sold.orderID, as: stranger).refusal == .notFound)
            try await scene.prepare([command])
            let stolen = scene.prepareCommand(other.orderID, command.refundID)
            #expect(refusals(try await scene.prepare([stolen])) == [.unknownOrder])
            #expect(refusals(try await scene.complete([scene.completeCommand(stolen)])) == [.unknownOrder])
            #expect(
                refusals(try await scene.complete([scene.completeCommand(command)], as: stranger)) == [.unknownOrder])
            var elsewhere = scene.completeCommand(command)
            elsewhere.occurrenceID = OccurrenceID(UUID())
            #expect(refusals(try await scene.complete([elsewhere])) == [.unknownOrder])
            #expect(try await scene.stock() == [0, 2])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("What cannot be refunded is refused by quote and preparation alike")
    func refused() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let held = OrderID(UUID())
            try await scene.hold([scene.holdCommand(held)])
            try await scene.refund(scene.prepareCommand(sold.orderID))
            let unheld = OrderID(UUID())
            try await scene.release([scene.releaseCommand(unheld)])
            let cases: [(OrderID, RefundDraft, Problem.Slug, RefundRefusal)] = [
                (held, RefundDraft(reason: "A"), .conflict, .notCompleted),
                (sold.orderID, RefundDraft(reason: "A"), .alreadyRefunded, .alreadyRefunded),
                (unheld, RefundDraft(reason: "A"), .notFound, .unknownOrder),
                (sold.orderID, RefundDraft(reason: ""), .validationFailed, .unknownOrder),
            ]
            for (orderID, draft, slug, refusal) in cases {
                #expect(try await scene.quote(orderID, draft).refusal == slug)
                var command = scene.prepareCommand(orderID)
                command.draft = draft
                #expect(try await scene.prepare([command]).messages(RefundRefused.self).map(\.reason) == [refusal])
            }
        }
    }

    @Test("The policy of the event holds, that of the occurrence over it, until the occurrence is canceled")
    func policy() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            try await scene.set(.object(["refund_policy": .object(["cutoff_hours": .integer(12)])]))
            let last = SaleScene.startAt - .seconds(12 * 3600)
            #expect(try await scene.quote(sold.orderID, at: last).refusal == nil)
            let late = last + .seconds(1)
            #expect(try await scene.quote(sold.orderID, at: late).refusal == .refundNotAllowed)
            let command = scene.prepareCommand(sold.orderID)
            let refused = try await scene.prepare([command], at: late).messages(RefundRefused.self)
            #expect(refused.map(\.reason) == [.policy])
            let overriding = RefundDraft(reason: "A", overridesPolicy: true)
            #expect(try await scene.quote(sold.orderID, overriding, at: late).refusal == nil)
            _ = try await scene.database.client.query(
                """
                UPDATE event_occurrences SET settings = '{"refund_policy": {"cutoff_hours": 0}}'
                WHERE id = \(scene.occurrenceID)
                """)
            #expect(try await scene.quote(sold.orderID, at: late).refusal == nil)
            try await scene.set(.object(["refund_policy": .object(["allowed": .bool(false)])]))
            #expect(try await scene.quote(sold.orderID, at: late).refusal == .refundNotAllowed)
            _ = try await scene.cancel(at: late)
            #expect(try await scene.quote(sold.orderID, at: late).refusal == nil)
        }
    }

    @Test("A canceled occurrence is refunded whatever the policy says, and its places come back once")
    func canceledOccurrence() async throws {
        try await SaleScene.with(places: 2) { scene in
            let sold = try await scene.sellOrder(2)
            try await scene.set(.object(["refund_policy": .object(["allowed": .bool(false)])]))
            _ = try await scene.cancel().reply.get()
            let refunded = try await scene.refund(scene.prepareCommand(sold.orderID, cause: .occurrenceCanceled))
            #expect(refunded.cause == .occurrenceCanceled && refunded.orderStatus == .refunded)
            #expect(try await scene.stock() == [0, 0])
            try await scene.settle()
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A free order is refunded without money")
    func free() async throws {
        try await SaleScene.with(price: 0) { scene in
            let sold = try await scene.sellOrder(2, price: 0)
            let one = try await scene.refund(scene.prepareCommand(sold.orderID, tickets: [sold.tickets[0].id]))
            #expect(one.amountCents == 0 && one.orderStatus == .partiallyRefunded)
            let rest = try await scene.refund(scene.prepareCommand(sold.orderID))
            #expect(rest.amountCents == 0 && rest.orderStatus == .refunded && rest.tickets.count == 1)
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("A refunded place sells again, and its ticket type is no longer sold out")
    func resale() async throws {
        try await SaleScene.with(places: 1) { scene in
            let sold = try await scene.sellOrder(1)
            try await scene.settle()
            #expect(try await scene.scalar("SELECT status FROM ticket_types", as: String.self) == "sold_out")
            let command = scene.prepareCommand(sold.orderID)
            try await scene.prepare([command])
            #expect(try await scene.hold([scene.holdCommand()]).messageNames == [HoldRefused.name])
            try await scene.complete([scene.completeCommand(command)])
            try await scene.settle()
            #expect(try await scene.scalar("SELECT status FROM ticket_types", as: String.self) == "active")
            #expect(try await scene.hold([scene.holdCommand()]).messageNames == [TicketsHeld.name])
            try await scene.expectRefundsToAddUp()
        }
    }

    @Test("Nothing makes the tickets of a refund look valid again: no late confirmation, release or hold")
    func lateCommands() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let command = scene.prepareCommand(sold.orderID)
            try await scene.prepare([command])
            let confirm = scene.confirmCommand(sold.orderID)
            let release = scene.releaseCommand(sold.orderID)
            #expect(try await scene.confirm([confirm]).messageNames.isEmpty)
            #expect(try await scene.release([release]).messageNames.isEmpty)
            try await scene.complete([scene.completeCommand(command)])
            var again = confirm
            again.takesAgain = true
            #expect(try await scene.confirm([confirm, again]).messageNames.isEmpty)
            #expect(try await scene.release([release]).messageNames.isEmpty)
            #expect(try await scene.statuses(of: sold.orderID) == ["refunded", "refunded"])
            #expect(try await scene.stock() == [0, 0])
        }
    }

    @Test("Refunds of several orders and of one order twice settle in one batch")
    func batch() async throws {
        try await SaleScene.with { scene in
            let first = try await scene.sellOrder(2)
            let second = try await scene.sellOrder(1)
            let commands = [
                scene.prepareCommand(first.orderID, tickets: [first.tickets[0].id]),
                scene.prepareCommand(second.orderID), scene.prepareCommand(first.orderID),
                scene.prepareCommand(first.orderID),
            ]
            let names = try await scene.prepare(commands).messageNames
            #expect(names == [RefundPrepared.name, RefundPrepared.name, RefundPrepared.name, RefundRefused.name])
            try await scene.expectRefundsToAddUp()
            let effects = try await scene.complete(commands.prefix(3).map(scene.completeCommand))
            let refunded = effects.messages(OrderRefunded.self)
            #expect(refunded.map(\.orderStatus) == [.partiallyRefunded, .refunded, .refunded])
            #expect(refunded.map(\.orderVersion) == [3, 2, 4])
            #expect(refunded.map(\.orderRefundedCents) == [2500, 2500, 5000])
            #expect(try await scene.stock() == [0, 0])
            try await scene.expectRefundsToAddUp()
        }
    }
}
