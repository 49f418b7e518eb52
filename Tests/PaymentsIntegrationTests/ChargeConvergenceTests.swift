import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("Answers, queries and notifications meet in one outcome")
struct ChargeConvergenceTests {
    @Test("A crash between the call and its record: called twice, captured once, booked once")
    func crashBeforeRecord() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let lost = try await payments.perform(job)
            let second = try await payments.perform(job)
            #expect(lost.charge?.outcome == second.charge?.outcome)
            try await payments.record([second])
            #expect(try await payments.calls(command.chargeID) == 2)
            #expect(try await payments.count("transactions") == 1)
            #expect(try await payments.count("journal_entries") == 1)
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            // The process that was thought dead records after all.
            try await payments.record([lost])
            #expect(try await payments.count("journal_entries") == 1)
            #expect(payments.messages.count == 1)
        }
    }

    @Test("A notification that overtakes our own record of the answer: booked once, and nothing is asked after")
    func notificationFirst() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_async")
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let pending = try await payments.perform(job)
            payments.clock.advance(by: .seconds(2))
            try await payments.notifier.deliverDue()
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            try await payments.record([pending])
            #expect(payments.events(ChargePending.self).isEmpty)
            #expect(payments.jobs.isEmpty)
            try await payments.runUntilQuiet()
            #expect(payments.messages.count == 1)
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A notification after a status query has found the money changes nothing")
    func notificationLast() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_async")
            try await payments.send(command)
            try await payments.runDueJobs()
            for _ in 0..<3 {
                payments.clock.advance(by: .seconds(1))
                try await payments.runDueJobs()
            }
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(payments.jobs.isEmpty)
            try await payments.runUntilQuiet()
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A notification for a charge nobody ordered, or of another provider, is not taken")
    func unknownCharge() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            let captured = ChargeVerdict.captured(reference: "x", at: .example)
            await #expect(throws: PaymentsError.unknownCharge(command.chargeID)) {
                try await payments.receive(
                    ProviderNotification(provider: "sandbox", chargeID: command.chargeID, verdict: captured))
            }
            try await payments.send(command)
            await #expect(throws: PaymentsError.unknownCharge(command.chargeID)) {
                try await payments.receive(
                    ProviderNotification(provider: "other", chargeID: command.chargeID, verdict: captured))
            }
            #expect(try await payments.find(command.chargeID)?.status == .initiated)
        }
    }

    @Test("Money that arrives for a failed charge is booked, told and marked")
    func captureAfterFailure() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_declined")
            try await payments.send(command)
            try await payments.runDueJobs()
            let notification = ProviderNotification(
                provider: "sandbox", chargeID: command.chargeID,
                verdict: .captured(reference: "sbx_after_all", at: payments.now))
            try await payments.receive(notification)
            try await payments.receive(notification)
            #expect(payments.events(ChargeFailed.self).count == 1)
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.find(command.chargeID)?.anomaly == .capturedAfterFailure)
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A second captured charge of one order is booked and told, and marked for a refund")
    func secondCapture() async throws {
        try await withPayments { payments in
            let first = payments.charge("tok_ok")
            let second = payments.charge("tok_ok", orderID: first.orderID)
            let third = payments.charge("tok_ok", orderID: first.orderID)
            try await payments.send(first)
            try await payments.runDueJobs()
            try await payments.send(second, third)
            try await payments.runDueJobs()
            #expect(payments.events(ChargeSucceeded.self).count == 3)
            #expect(try await payments.count("journal_entries") == 3)
            #expect(try await payments.find(first.chargeID)?.anomaly == nil)
            #expect(try await payments.find(second.chargeID)?.anomaly == .secondCapture)
            #expect(try await payments.find(third.chargeID)?.anomaly == .secondCapture)
        }
    }

    @Test(
        "Two charges of one order captured at the same moment: the later one waits, and is marked",
        .timeLimit(.minutes(2)))
    func concurrentCaptures() async throws {
        try await withPayments { payments in
            let first = payments.charge("tok_ok")
            let second = payments.charge("tok_ok", orderID: first.orderID)
            try await payments.send(first, second)
            var performed: [PerformedJob] = []
            for job in payments.takeDueJobs() { performed.append(try await payments.perform(job)) }
            try await payments.recordAtOnce(performed)
            #expect(try await payments.find(first.chargeID)?.anomaly == nil)
            #expect(try await payments.find(second.chargeID)?.anomaly == .secondCapture)
            #expect(try await payments.count("journal_entries") == 2)
        }
    }

    @Test("The same verdict recorded twice at the same moment is booked and told once", .timeLimit(.minutes(2)))
    func concurrentRecords() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            let performed = try await payments.perform(job)
            try await payments.recordAtOnce([performed, performed])
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A charge its provider keeps refusing is called off at the provider before it counts as failed")
    func abandoned() async throws {
        try await withPayments(abandonAfter: .seconds(2)) { payments in
            let command = payments.charge("tok_unavailable", holdSeconds: 0)
            try await payments.send(command)
            let job = try #require(payments.jobs.first)
            try await payments.runUntilQuiet()
            #expect(payments.events(ChargeFailed.self).map(\.reason) == [.providerError])
            #expect(try await payments.find(command.chargeID)?.status == .failed)
            // A call that was on its way all the time arrives, again and again.
            for _ in 0..<4 {
                let late = try await payments.perform(job)
                guard case .failed(.providerError, _)? = late.charge?.outcome else {
                    Issue.record("the late call ended as \(late)")
                    return
                }
            }
            #expect(try await payments.captured(command.chargeID) == nil)
        }
    }

    @Test("An order the provider never received is given again after the status query said so")
    func absent() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command)
            let job = try #require(payments.takeDueJobs().first)
            try await payments.record([try payments.lose(job)])
            payments.clock.advance(by: .seconds(1))
            try await payments.runDueJobs()
            #expect(payments.jobs.map(\.kind) == [ChargeJob.kind])
            try await payments.runUntilQuiet()
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.captured(command.chargeID) == 10_000)
        }
    }
}
