import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("The path of each sandbox token, from order to outcome")
struct SandboxTokenPathTests {
    private func expectCaptured(_ command: Charge, _ payments: PaymentsFixture) async throws {
        let succeeded = payments.events(ChargeSucceeded.self)
        let charge = try #require(try await payments.find(command.chargeID))
        #expect(succeeded.count == 1)
        #expect(succeeded.first?.chargeID == command.chargeID)
        #expect(succeeded.first?.orderID == command.orderID)
        #expect(succeeded.first?.amountCents == 10_000)
        #expect(succeeded.first?.providerReference == charge.providerReference)
        #expect(payments.events(ChargeFailed.self).isEmpty)
        #expect(charge.status == .succeeded)
        #expect(charge.token == nil)
        #expect(charge.anomaly == nil)
        #expect(
            try await payments.journal(of: command.chargeID)
                == [.providerClearing: 10_000, .organizerPayable: -9_850, .platformFees: -150])
        #expect(try await payments.captured(command.chargeID) == 10_000)
        #expect(payments.jobs.isEmpty)
    }

    @Test("tok_ok: captured at once, one entry, one event under the saga's correlation")
    func ok() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command)
            try await payments.runDueJobs()
            try await expectCaptured(command, payments)
            #expect(payments.messages.count == 1)
            #expect(payments.messages.first?.correlationID == command.checkoutID.rawValue)
            #expect(payments.messages.first?.organizationID == .example)
        }
    }

    @Test(
        "Refused tokens: no money, no entry, the reason in the event",
        arguments: [
            ("tok_declined", ChargeFailure.declined), ("tok_insufficient_funds", .insufficientFunds),
            ("tok_of_nobody", .invalidToken),
        ])
    func refused(token: String, reason: ChargeFailure) async throws {
        try await withPayments { payments in
            let command = payments.charge(token)
            try await payments.send(command)
            try await payments.runDueJobs()
            #expect(payments.events(ChargeFailed.self).map(\.reason) == [reason])
            #expect(payments.messages.count == 1)
            #expect(payments.jobs.isEmpty)
            #expect(try await payments.find(command.chargeID)?.status == .failed)
            #expect(try await payments.find(command.chargeID)?.token == nil)
            #expect(try await payments.count("journal_entries") == 0)
            #expect(try await payments.captured(command.chargeID) == nil)
        }
    }

    @Test("A provider that is not offered: failed without any call")
    func unknownProvider() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok", provider: "piggybank")
            try await payments.send(command)
            try await payments.runDueJobs()
            #expect(payments.events(ChargeFailed.self).map(\.reason) == [.unknownProvider])
            #expect(try await payments.captured(command.chargeID) == nil)
        }
    }

    @Test("tok_slow: captured after three seconds, within the deadline")
    func slow() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_slow")
            try await payments.send(command)
            try await payments.runDueJobs(advancing: .seconds(3))
            try await expectCaptured(command, payments)
            #expect(payments.messages.count == 1)
            #expect(payments.events(ChargeSucceeded.self).first?.capturedAt == .example + .seconds(3))
        }
    }

    @Test("tok_async: pending once, captured after two seconds, told twice and booked once")
    func async() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_async")
            try await payments.send(command)
            try await payments.runDueJobs()
            #expect(payments.events(ChargePending.self).map(\.chargeID) == [command.chargeID])
            #expect(try await payments.find(command.chargeID)?.status == .pending)
            #expect(try await payments.find(command.chargeID)?.token == "tok_async")
            #expect(try await payments.captured(command.chargeID) == nil)
            payments.clock.advance(by: .milliseconds(1_999))
            #expect(try await payments.notifier.deliverDue() == 0)
            payments.clock.advance(by: .milliseconds(1))
            #expect(try await payments.notifier.deliverDue() == 1)
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.notifier.deliverDue() == 1)
            #expect(try await payments.notifier.deliverDue() == 0)
            try await payments.runUntilQuiet()
            try await expectCaptured(command, payments)
            #expect(payments.events(ChargePending.self).count == 1)
        }
    }

    @Test("tok_lost: no answer before the deadline, but a status query finds the money")
    func lost() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_lost")
            try await payments.send(command)
            try await payments.runDueJobs(advancing: .seconds(5))
            #expect(try await payments.captured(command.chargeID) == 10_000)
            #expect(payments.events(ChargePending.self).count == 1)
            #expect(payments.jobs.map(\.kind) == [ChargeStatusJob.kind])
            #expect(payments.jobs.first?.dueAt == payments.now + .seconds(1))
            try await payments.runUntilQuiet()
            try await expectCaptured(command, payments)
            #expect(try await payments.calls(command.chargeID) == 1)
        }
    }

    @Test("tok_late: pending past the end of the hold, captured five seconds later")
    func late() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_late", holdSeconds: 60)
            try await payments.send(command)
            while payments.now < command.holdExpiresAt + .seconds(4) {
                try await payments.runDueJobs()
                try await payments.notifier.deliverDue()
                payments.clock.advance(by: .seconds(1))
            }
            #expect(try await payments.find(command.chargeID)?.status == .pending)
            #expect(try await payments.captured(command.chargeID) == nil)
            try await payments.runUntilQuiet()
            try await expectCaptured(command, payments)
            #expect(payments.events(ChargePending.self).count == 1)
            #expect(payments.events(ChargeSucceeded.self).first?.capturedAt == command.holdExpiresAt + .seconds(5))
        }
    }

    @Test("tok_unavailable: three calls are refused, the fourth takes the money")
    func unavailable() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_unavailable")
            try await payments.send(command)
            for (round, delay) in [1, 2, 4].enumerated() {
                try await payments.runDueJobs()
                #expect(try await payments.calls(command.chargeID) == round + 1)
                #expect(try await payments.captured(command.chargeID) == nil)
                #expect(payments.jobs.map(\.kind) == [ChargeJob.kind])
                #expect(payments.jobs.first?.dueAt == payments.now + .seconds(delay))
                payments.clock.advance(by: .seconds(delay))
            }
            try await payments.runDueJobs()
            try await expectCaptured(command, payments)
            #expect(payments.events(ChargePending.self).count == 1)
            #expect(try await payments.calls(command.chargeID) == 4)
        }
    }
}
