import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("Answers, queries and notifications of a refund meet in one outcome")
struct RefundConvergenceTests {
    @Test("A crash between the call and its record: called twice, given back once, booked once")
    func crashBeforeRecord() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture(), 4_000)
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let lost = try await payments.perform(job)
            let second = try await payments.perform(job)
            #expect(lost.refund?.outcome == second.refund?.outcome)
            try await payments.record([second])
            #expect(try await payments.calls(command.refundID) == 2)
            #expect(try await payments.refunded(of: command.chargeID) == 4_000)
            #expect(payments.events(RefundSucceeded.self).count == 1)
            // The process that was thought dead records after all.
            try await payments.record([lost])
            #expect(try await payments.count("journal_entries") == 3)
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(payments.jobs.isEmpty)
        }
    }

    @Test("An order the provider never received is given again after the status query said so")
    func absent() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            try await payments.record([try payments.lose(job)])
            #expect(payments.jobs.map(\.kind) == [RefundStatusJob.kind])
            payments.clock.advance(by: .seconds(1))
            try await payments.runDueJobs()
            #expect(payments.jobs.map(\.kind) == [RefundJob.kind])
            try await payments.runUntilQuiet()
            #expect(payments.events(RefundPending.self).count == 1)
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.refunded(command.refundID) == 10_000)
        }
    }

    @Test("A notification that overtakes our own record of the answer: booked once, and nothing is asked after")
    func notificationFirst() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_async"))
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let pending = try await payments.perform(job)
            payments.clock.advance(by: .seconds(2))
            try await payments.notifier.deliverDue()
            #expect(payments.events(RefundSucceeded.self).count == 1)
            try await payments.record([pending])
            #expect(payments.events(RefundPending.self).isEmpty)
            #expect(payments.jobs.isEmpty)
            try await payments.runUntilQuiet()
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.count("journal_entries") == 3)
        }
    }

    @Test("A notification after a status query has found the money changes nothing")
    func notificationLast() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_async"))
            try await payments.send(command)
            try await payments.runDueJobs()
            for _ in 0..<3 {
                payments.clock.advance(by: .seconds(1))
                try await payments.runDueJobs()
            }
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(payments.jobs.isEmpty)
            try await payments.runUntilQuiet()
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.count("journal_entries") == 3)
        }
    }

    @Test("A notification for a refund nobody ordered, or of another provider, is not taken")
    func unknownRefund() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            let refunded = RefundVerdict.refunded(reference: "x", at: .example)
            await #expect(throws: PaymentsError.unknownRefund(command.refundID)) {
                try await payments.receive(
                    ProviderNotification(provider: "sandbox", refundID: command.refundID, verdict: refunded))
            }
            try await payments.send(command)
            await #expect(throws: PaymentsError.unknownRefund(command.refundID)) {
                try await payments.receive(
                    ProviderNotification(provider: "other", refundID: command.refundID, verdict: refunded))
            }
            #expect(try await payments.find(command.refundID)?.status == .initiated)
        }
    }

    @Test("A provider that contradicts its last word is marked, and nothing is booked or told again")
    func contradictions() async throws {
        try await withPayments { payments in
            let paid = payments.refund(try await payments.capture())
            let refused = payments.refund(try await payments.capture("tok_refund_refused"))
            try await payments.giveBack(paid, refused)
            let messages = payments.messages.count
            let denial = ProviderNotification(
                provider: "sandbox", refundID: paid.refundID, verdict: .refused(detail: "The card is closed."))
            let surprise = ProviderNotification(
                provider: "sandbox", refundID: refused.refundID,
                verdict: .refunded(reference: "sbx_re_after_all", at: payments.now))
            for notification in [denial, surprise, denial, surprise] { try await payments.receive(notification) }
            #expect(try await payments.find(paid.refundID)?.anomaly == .deniedAfterRefund)
            #expect(try await payments.find(paid.refundID)?.status == .succeeded)
            #expect(try await payments.find(refused.refundID)?.anomaly == .refundedAfterFailure)
            #expect(try await payments.find(refused.refundID)?.status == .failed)
            #expect(payments.messages.count == messages)
            #expect(try await payments.count("journal_entries") == 6)
        }
    }

    @Test("The same verdict recorded twice at the same moment is booked and told once", .timeLimit(.minutes(2)))
    func concurrentRecords() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let performed = try await payments.perform(job)
            try await payments.recordAtOnce([performed, performed])
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.count("journal_entries") == 3)
        }
    }

    @Test("Two refunds of one charge recorded at the same moment are both counted", .timeLimit(.minutes(2)))
    func concurrentRefunds() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            try await payments.send(payments.refund(charge, 4_000), payments.refund(charge, 5_000))
            var performed: [PerformedJob] = []
            for job in payments.takeDueJobs() { performed.append(try await payments.perform(job)) }
            try await payments.recordAtOnce(performed)
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 0, refundedCents: 9_000))
            #expect(try await payments.balance(.refundsClearing) == 0)
        }
    }

    @Test("Whatever is repeated, lost or late, money and books end the same", arguments: 1...8)
    func anyOrder(seed: Int) async throws {
        try await withPayments(refundFees: seed.isMultiple(of: 2) ? .returned : .kept) { payments in
            var course = try await RefundCourse(payments, seed: UInt64(seed))
            try await course.run(steps: 120)
            try await course.settle()
            try await course.expectAgreement()
            if seed.isMultiple(of: 2) { try await course.expectFeesReturnedInTheEnd() }
        }
    }
}
