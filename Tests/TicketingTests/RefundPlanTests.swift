import Contracts
import Foundation
import Testing

@testable import Ticketing

@Suite("What a refund comes to")
struct RefundPlanTests {
    private typealias Sample = RefundSample

    @Test("Neither tickets nor an amount is everything that is left")
    func whole() throws {
        var sample = Sample()
        #expect(try sample.plan(Sample.draft()) == RefundPlan(amountCents: 10_000, ticketIDs: sample.ids))
        _ = try sample.refund(Sample.draft(tickets: [sample.ids[1]]))
        _ = try sample.refund(Sample.draft(amount: 1000))
        let rest = RefundPlan(amountCents: 5000, ticketIDs: [sample.ids[0], sample.ids[2]])
        #expect(try sample.plan(Sample.draft()) == rest)
    }

    @Test("Tickets are refunded at their price, in the order of the order")
    func tickets() throws {
        let sample = Sample()
        let plan = try sample.plan(Sample.draft(tickets: [sample.ids[2], sample.ids[0]]))
        #expect(plan == RefundPlan(amountCents: 6000, ticketIDs: [sample.ids[0], sample.ids[2]]))
    }

    @Test("Tickets get no more than is left of the payment, be it nothing")
    func ticketsOfLess() throws {
        var sample = Sample()
        _ = try sample.refund(Sample.draft(amount: 8000))
        let plan = try sample.plan(Sample.draft(tickets: [sample.ids[1]]))
        #expect(plan == RefundPlan(amountCents: 2000, ticketIDs: [sample.ids[1]]))
        _ = try sample.refund(Sample.draft(tickets: [sample.ids[1]]))
        #expect(sample.order.status == .partiallyRefunded)
        let free = try sample.plan(Sample.draft(tickets: [sample.ids[0]]))
        #expect(free == RefundPlan(amountCents: 0, ticketIDs: [sample.ids[0]]))
        #expect(sample.rejection(Sample.draft(amount: 1))?.reason == .alreadyRefunded)
        _ = try sample.refund(Sample.draft())
        #expect(sample.order.status == .refunded)
    }

    @Test("An amount keeps the tickets, unless it is all that is left: then it takes them all")
    func amount() throws {
        var sample = Sample()
        #expect(try sample.plan(Sample.draft(amount: 9999)) == RefundPlan(amountCents: 9999, ticketIDs: []))
        #expect(try sample.plan(Sample.draft(amount: 10_000)) == RefundPlan(amountCents: 10_000, ticketIDs: sample.ids))
        _ = try sample.refund(Sample.draft(amount: 4000))
        #expect(sample.order.status == .partiallyRefunded)
        #expect(try sample.plan(Sample.draft(amount: 6000)).ticketIDs == sample.ids)
        let rejection = sample.rejection(Sample.draft(amount: 6001))
        #expect(rejection?.reason == .exceedsPayment && rejection?.problem.slug == .refundExceedsPayment)
    }

    @Test("A refund under way counts as if it had succeeded, until it is abandoned")
    func underWay() throws {
        var sample = Sample()
        let pending = try sample.prepare(Sample.draft(tickets: [sample.ids[0]]))
        #expect(sample.order.status == .completed && sample.order.refundingCents == 2500)
        #expect(sample.rejection(Sample.draft(tickets: [sample.ids[0]]))?.reason == .alreadyRefunded)
        #expect(sample.rejection(Sample.draft(amount: 7501))?.reason == .exceedsPayment)
        #expect(try sample.plan(Sample.draft()).amountCents == 7500)
        let abandoned = sample.order.abandon(pending, at: Sample.now)
        #expect(abandoned.state == .abandoned(at: Sample.now, version: 2))
        #expect(try sample.plan(Sample.draft(tickets: [sample.ids[0]])).amountCents == 2500)
    }

    @Test("What was refunded wholly has nothing left, whatever is asked for")
    func nothingLeft() throws {
        var sample = Sample()
        let refund = try sample.refund(Sample.draft())
        #expect(
            refund.state
                == .completed(at: Sample.now, version: 2, orderStatus: .refunded, orderRefundedCents: 10_000))
        for draft in [Sample.draft(), Sample.draft(amount: 1), Sample.draft(tickets: [sample.ids[0]])] {
            let rejection = sample.rejection(draft)
            #expect(rejection?.reason == .alreadyRefunded && rejection?.problem.slug == .alreadyRefunded)
            #expect(rejection?.refusal == .alreadyRefunded)
        }
    }

    @Test("Money that an abandoned refund leaves behind is refunded without tickets when all are refunded")
    func moneyWithoutTickets() throws {
        var sample = Sample()
        let amount = try sample.prepare(Sample.draft(amount: 5000))
        let tickets = try sample.refund(Sample.draft())
        #expect(tickets.amountCents == 5000 && sample.order.status == .partiallyRefunded)
        _ = sample.order.abandon(amount, at: Sample.now)
        #expect(try sample.plan(Sample.draft()) == RefundPlan(amountCents: 5000, ticketIDs: []))
        _ = try sample.refund(Sample.draft())
        #expect(sample.order.status == .refunded && sample.order.version == 6)
    }

    @Test("A free order is refunded as a whole or by ticket, never by an amount")
    func free() throws {
        var sample = Sample(prices: [0, 0])
        #expect(try sample.plan(Sample.draft()) == RefundPlan(amountCents: 0, ticketIDs: sample.ids))
        #expect(sample.rejection(Sample.draft(amount: 1))?.reason == .exceedsPayment)
        _ = try sample.refund(Sample.draft(tickets: [sample.ids[1]]))
        #expect(sample.order.status == .partiallyRefunded)
        _ = try sample.refund(Sample.draft())
        #expect(sample.order.status == .refunded)
        #expect(sample.rejection(Sample.draft())?.reason == .alreadyRefunded)
    }

    @Test("Used tickets may be refunded; those that have left the sale otherwise may not")
    func statuses() throws {
        var sample = Sample()
        sample.order.tickets[0].status = .checkedIn
        sample.order.tickets[1].status = .voided
        #expect(try sample.plan(Sample.draft()).ticketIDs == [sample.ids[0], sample.ids[2]])
        #expect(sample.rejection(Sample.draft(tickets: [sample.ids[1]]))?.reason == .alreadyRefunded)
    }

    @Test("Only completed orders are refunded", arguments: [OrderStatus.reserved, .expired, .canceled])
    func notCompleted(status: OrderStatus) {
        var sample = Sample()
        sample.order.status = status
        let rejection = sample.rejection(Sample.draft())
        #expect(rejection?.problem.slug == .conflict && rejection?.refusal == .notCompleted)
    }

    @Test("An unknown order is not found")
    func unknown() {
        let error = #expect(throws: RefundRejection.self) {
            try RefundPlan.make(for: Sample.draft(), of: nil, cause: .requested, terms: nil, now: Sample.now)
        }
        #expect(error?.problem.slug == .notFound && error?.refusal == .unknownOrder)
    }

    @Test("A draft that is wrong in itself is refused with the names of its fields")
    func invalid() {
        let sample = Sample()
        let one = sample.ids[0]
        let wrong: [(RefundDraft, [String])] = [
            (Sample.draft(reason: ""), ["reason"]), (Sample.draft(reason: " \n"), ["reason"]),
            (Sample.draft(reason: String(repeating: "a", count: 501)), ["reason"]),
            (Sample.draft(reason: "a\0b"), ["reason"]), (Sample.draft(tickets: []), ["ticket_ids"]),
            (Sample.draft(tickets: [one, one]), ["ticket_ids"]),
            (Sample.draft(tickets: [one, TicketID(UUID())]), ["ticket_ids"]),
            (Sample.draft(tickets: [one], amount: 1), ["ticket_ids"]), (Sample.draft(amount: 0), ["amount_cents"]),
            (Sample.draft(amount: -1, reason: ""), ["reason", "amount_cents"]),
        ]
        for (draft, fields) in wrong {
            let problem = sample.rejection(draft)?.problem
            #expect(problem?.slug == .validationFailed)
            #expect(problem?.errors?.map(\.field) == fields)
        }
        #expect(sample.rejection(Sample.draft(reason: String(repeating: "é", count: 500))) == nil)
        #expect(sample.rejection(Sample.draft(reason: "Two\nlines")) == nil)
    }

    @Test("A policy that allows nothing, or nothing so late, refuses what an organiser only asks for")
    func policy() {
        var sample = Sample()
        func objection(_ draft: RefundDraft, cause: RefundCause = .requested, at now: Timestamp) -> Problem.Slug? {
            sample.rejection(draft, cause: cause, now: now)?.problem.slug
        }
        sample.terms = RefundTerms(
            startAt: sample.terms.startAt, isCanceled: false, policy: RefundPolicy(isAllowed: true, cutoffHours: 24))
        let last = sample.terms.startAt - .seconds(86_400)
        let late = last + .milliseconds(1)
        #expect(objection(Sample.draft(), at: last) == nil)
        #expect(objection(Sample.draft(), at: late) == .refundNotAllowed)
        #expect(sample.rejection(Sample.draft(), now: late)?.refusal == .policy)
        #expect(objection(Sample.draft(overriding: false), at: late) == .refundNotAllowed)
        #expect(objection(Sample.draft(overriding: true), at: late) == nil)
        #expect(objection(Sample.draft(), cause: .occurrenceCanceled, at: late) == nil)
        let never = RefundPolicy(isAllowed: false, cutoffHours: nil)
        sample.terms = RefundTerms(startAt: sample.terms.startAt, isCanceled: false, policy: never)
        #expect(objection(Sample.draft(), at: Sample.now) == .refundNotAllowed)
        sample.terms = RefundTerms(startAt: sample.terms.startAt, isCanceled: true, policy: never)
        #expect(objection(Sample.draft(), at: Sample.now) == nil)
    }

    @Test(
        "An amount is divided in the proportion of the prices, exactly and always in the same way",
        arguments: [
            ([2500, 4000, 3500], 10_000, [2500, 4000, 3500]), ([2500, 4000, 3500], 1, [1, 0, 0]),
            ([2500, 4000, 3500], 5001, [1251, 2000, 1750]), ([100, 100, 100], 200, [67, 67, 66]),
            ([0, 100, 0, 100], 101, [0, 51, 0, 50]), ([0, 0], 0, [0, 0]), ([100, 50], 500, [100, 50]), ([], 10, []),
        ])
    func shares(prices: [Int], amount: Int, expected: [Int]) {
        #expect(RefundPlan.shares(of: amount, over: prices) == expected)
    }

    @Test("The shares of a hundred of the dearest tickets overflow nothing")
    func largeShares() {
        let prices = Array(repeating: TicketTypeDraft.maximumPriceCents, count: 100)
        let amount = 99 * TicketTypeDraft.maximumPriceCents + 1
        let shares = RefundPlan.shares(of: amount, over: prices)
        #expect(shares.reduce(0, +) == amount)
        #expect(zip(shares, prices).allSatisfy { $0 <= $1 })
    }

    @Test("Whatever is refunded in whichever order, never more than the payment goes back, and no ticket twice")
    func anyOrder() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var sample = Sample(prices: (0..<4).map { _ in Int.random(in: 0...3000, using: &generator) })
            var pending: [OrderRefund] = []
            var refunded = 0
            for _ in 0..<12 {
                let tickets = sample.ids.filter { _ in Bool.random(using: &generator) }
                let drafts = [
                    Sample.draft(), Sample.draft(amount: Int.random(in: 1...4000, using: &generator)),
                    Sample.draft(tickets: tickets.isEmpty ? nil : tickets),
                ]
                let draft = drafts[Int.random(in: 0..<3, using: &generator)]
                if sample.rejection(draft) == nil { pending.append(try sample.prepare(draft)) }
                if let refund = pending.first, Bool.random(using: &generator) {
                    pending.removeFirst()
                    if Bool.random(using: &generator) {
                        _ = sample.order.complete(refund, at: Sample.now)
                        refunded += refund.amountCents
                        let shares = sample.order.tickets.filter { $0.refundID == refund.id }.map(\.refundAmountCents)
                        #expect(shares.reduce(0, +) <= refund.amountCents)
                    } else {
                        _ = sample.order.abandon(refund, at: Sample.now)
                    }
                }
                #expect(sample.order.leftCents >= 0 && sample.order.refundedCents == refunded)
                #expect(sample.order.refundingCents == pending.reduce(0) { $0 + $1.amountCents })
            }
        }
    }
}
