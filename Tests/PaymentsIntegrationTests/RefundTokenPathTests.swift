import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("The path of a refund for each sandbox token, from order to outcome")
struct RefundTokenPathTests {
    private func expectRefunded(_ command: Refund, _ payments: PaymentsFixture) async throws {
        let succeeded = payments.events(RefundSucceeded.self)
        let refund = try #require(try await payments.find(command.refundID))
        #expect(succeeded.count == 1)
        #expect(succeeded.first?.refundID == command.refundID)
        #expect(succeeded.first?.chargeID == command.chargeID)
        #expect(succeeded.first?.amountCents == command.amountCents)
        #expect(succeeded.first?.providerReference == refund.providerReference)
        #expect(payments.events(RefundFailed.self).isEmpty)
        #expect(refund.status == .succeeded)
        #expect(refund.anomaly == nil)
        #expect(
            try await payments.journal(of: command.refundID, .refund)
                == [.refundsClearing: command.amountCents, .providerClearing: -command.amountCents])
        #expect(try await payments.journal(of: command.refundID, .correction).isEmpty)
        #expect(try await payments.balance(.refundsClearing) == 0)
        #expect(try await payments.refunded(command.refundID) == command.amountCents)
        #expect(
            try await payments.givenBack(of: command.chargeID)
                == .init(refundingCents: 0, refundedCents: command.amountCents))
        #expect(payments.jobs.isEmpty)
    }

    @Test(
        "Tokens that say nothing of refunds: given back at once, one event under the saga's correlation",
        arguments: ["tok_ok", "tok_async", "tok_unavailable"])
    func ok(token: String) async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture(token), 4_000)
            let before = payments.messages.count
            try await payments.send(command)
            try await payments.runDueJobs()
            try await expectRefunded(command, payments)
            #expect(payments.messages.count == before + 1)
            #expect(payments.messages.last?.correlationID == command.refundID.rawValue)
            #expect(payments.messages.last?.organizationID == .example)
        }
    }

    @Test("tok_refund_refused: no money, the acceptance reversed, and the charge whole again")
    func refused() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_refused"), 4_000)
            try await payments.giveBack(command)
            #expect(payments.events(RefundFailed.self).map(\.reason) == [.providerRefused])
            #expect(payments.events(RefundSucceeded.self).isEmpty)
            #expect(payments.events(RefundPending.self).isEmpty)
            #expect(
                try await payments.journal(of: command.refundID, .correction)
                    == [.organizerPayable: -4_000, .refundsClearing: 4_000])
            #expect(try await payments.journal(of: command.refundID, .refund).isEmpty)
            #expect(try await payments.balance(.refundsClearing) == 0)
            #expect(try await payments.balance(.organizerPayable) == -9_850)
            #expect(
                try await payments.givenBack(of: command.chargeID) == .init(refundingCents: 0, refundedCents: 0))
            #expect(try await payments.refunded(command.refundID) == nil)
        }
    }

    @Test("tok_refund_async: pending once, given back after two seconds, told twice and booked once")
    func async() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_async"))
            try await payments.send(command)
            try await payments.runDueJobs()
            #expect(payments.events(RefundPending.self).map(\.refundID) == [command.refundID])
            #expect(try await payments.find(command.refundID)?.status == .pending)
            #expect(try await payments.refunded(command.refundID) == nil)
            #expect(try await payments.balance(.refundsClearing) == -10_000)
            payments.clock.advance(by: .milliseconds(1_999))
            #expect(try await payments.notifier.deliverDue() == 0)
            payments.clock.advance(by: .milliseconds(1))
            #expect(try await payments.notifier.deliverDue() == 1)
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.notifier.deliverDue() == 1)
            #expect(try await payments.notifier.deliverDue() == 0)
            try await payments.runUntilQuiet()
            try await expectRefunded(command, payments)
            #expect(payments.events(RefundPending.self).count == 1)
        }
    }

    @Test("tok_refund_lost: no answer before the deadline, but a status query finds the money")
    func lost() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_lost"))
            try await payments.send(command)
            try await payments.runDueJobs(advancing: .seconds(5))
            #expect(try await payments.refunded(command.refundID) == 10_000)
            #expect(payments.events(RefundPending.self).count == 1)
            #expect(payments.jobs.map(\.kind) == [RefundStatusJob.kind])
            #expect(payments.jobs.first?.dueAt == payments.now + .seconds(1))
            try await payments.runUntilQuiet()
            try await expectRefunded(command, payments)
            #expect(try await payments.calls(command.refundID) == 1)
        }
    }

    @Test("tok_refund_unavailable: three calls are refused, the fourth gives the money back")
    func unavailable() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture("tok_refund_unavailable"))
            try await payments.send(command)
            for (round, delay) in [1, 2, 4].enumerated() {
                try await payments.runDueJobs()
                #expect(try await payments.calls(command.refundID) == round + 1)
                #expect(try await payments.refunded(command.refundID) == nil)
                #expect(payments.jobs.map(\.kind) == [RefundJob.kind])
                #expect(payments.jobs.first?.dueAt == payments.now + .seconds(delay))
                payments.clock.advance(by: .seconds(delay))
            }
            try await payments.runDueJobs()
            try await expectRefunded(command, payments)
            #expect(payments.events(RefundPending.self).count == 1)
            #expect(try await payments.calls(command.refundID) == 4)
        }
    }

    @Test("A provider that is no longer offered is waited for: the money is owed until it is back")
    func providerNoLongerOffered() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            try await payments.send(command)
            let job = Job(
                id: payments.moments.moment().makeUUID(),
                payload: RefundJob.Payload(
                    provider: "piggybank",
                    refund: ProviderRefund(try #require(try await payments.find(command.refundID))), round: 0),
                attempt: 1, organizationID: .example, correlationID: nil, startedAt: payments.now)
            #expect(try await payments.refundJob.perform(job) == .unavailable)
            let question = Job(
                id: job.id,
                payload: RefundStatusJob.Payload(provider: "piggybank", refundID: command.refundID, round: 0),
                attempt: 1, organizationID: .example, correlationID: nil, startedAt: payments.now)
            #expect(try await payments.refundStatusJob.perform(question) == .unknown)
            #expect(payments.events(RefundFailed.self).isEmpty)
        }
    }
}
