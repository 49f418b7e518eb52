import Contracts
import Messaging
import Postgres
import Testing

@testable import Payments

@Suite("Orders to refund")
struct RefundHandlerTests {
    @Test("A batch of orders becomes one row, one entry and one call to the provider each")
    func batch() async throws {
        try await withPayments { payments in
            let charges = (0..<50).map { _ in payments.charge("tok_ok") }
            try await payments.send(charges)
            try await payments.runDueJobs()
            let commands = charges.map { payments.refund($0, 4_000) }
            try await payments.send(commands)
            #expect(payments.jobs.map(\.kind) == Array(repeating: RefundJob.kind, count: 50))
            let ordered = payments.jobs.compactMap { ($0.payload as? RefundJob.Payload)?.refund.refundID }
            #expect(ordered == commands.map(\.refundID))
            #expect(payments.messages.count == 50)
            let command = commands[7]
            let refund = try #require(try await payments.find(command.refundID))
            #expect(refund.status == .initiated)
            #expect(refund.provider == "sandbox")
            #expect(refund.amountCents == 4_000)
            #expect(refund.purpose == .order)
            #expect(refund.organizationID == .example)
            #expect(refund.correlationID == command.refundID.rawValue)
            #expect(
                try await payments.journal(of: command.refundID, .refundAccepted)
                    == [.organizerPayable: 4_000, .refundsClearing: -4_000])
            #expect(
                try await payments.givenBack(of: command.chargeID) == .init(refundingCents: 4_000, refundedCents: 0))
            #expect(try await payments.balance(.refundsClearing) == -200_000)
        }
    }

    @Test("An order that comes again, in the same batch or later, starts nothing and books nothing")
    func duplicate() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            try await payments.send(command, command)
            try await payments.send(command)
            #expect(payments.jobs.count == 1)
            #expect(payments.messages.count == 1)
            #expect(try await payments.count("refunds") == 1)
            #expect(try await payments.count("journal_entries") == 2)
        }
    }

    @Test("An order that comes again after its refund has ended is answered with the outcome and starts nothing")
    func lateDuplicate() async throws {
        try await withPayments { payments in
            let paid = payments.refund(try await payments.capture())
            let refused = payments.refund(try await payments.capture("tok_refund_refused"))
            try await payments.giveBack(paid, refused)
            try await payments.send(paid, refused)
            let succeeded = payments.events(RefundSucceeded.self)
            #expect(succeeded.count == 2)
            #expect(succeeded.first == succeeded.last)
            let failed = payments.events(RefundFailed.self)
            #expect(failed.count == 2)
            #expect(failed.first == failed.last)
            #expect(payments.jobs.isEmpty)
            #expect(try await payments.calls(paid.refundID) == 1)
            #expect(try await payments.count("journal_entries") == 6)
        }
    }

    @Test("A refund's id with another content, or from another organisation, is not taken and says nothing")
    func reusedID() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let command = payments.refund(charge, 4_000)
            try await payments.giveBack(command)
            var others = Array(repeating: command, count: 3)
            others[0].amountCents = 4_001
            others[1].purpose = .uselessCapture
            others[2].chargeID = try await payments.capture().chargeID
            for other in others {
                await #expect(throws: PaymentsError.refundIDReused(command.refundID)) {
                    try await payments.send(other)
                }
            }
            await #expect(throws: PaymentsError.refundIDReused(command.refundID)) {
                try await payments.send(command, organizationID: payments.moments.moment().makeID())
            }
            #expect(payments.events(RefundSucceeded.self).count == 1)
            #expect(try await payments.find(command.refundID)?.amountCents == 4_000)
        }
    }

    @Test("More than is left of the charge is refused, refunds under way counted, and nothing is booked or called")
    func exceedsCharge() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            try await payments.giveBack(payments.refund(charge, 3_000))
            let underWay = payments.refund(charge, 4_000)
            try await payments.send(underWay)
            let tooMuch = payments.refund(charge, 3_001)
            try await payments.send(tooMuch)
            #expect(payments.events(RefundFailed.self).map(\.reason) == [.exceedsCharge])
            #expect(payments.events(RefundFailed.self).map(\.refundID) == [tooMuch.refundID])
            #expect(payments.jobs.count == 1)
            #expect(try await payments.journal(of: tooMuch.refundID, .refundAccepted).isEmpty)
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 4_000, refundedCents: 3_000))
            try await payments.giveBack(payments.refund(charge, 3_000))
            #expect(try await payments.refunded(of: charge.chargeID) == 10_000)
        }
    }

    @Test("Orders in one batch that exceed the charge together: those that come first are taken")
    func exceedsChargeTogether() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let commands = [6_000, 6_000, 4_000, 1].map { payments.refund(charge, $0) }
            try await payments.send(commands)
            #expect(payments.events(RefundFailed.self).map(\.refundID) == [commands[1].refundID, commands[3].refundID])
            #expect(payments.jobs.count == 2)
            try await payments.runUntilQuiet()
            #expect(try await payments.refunded(of: charge.chargeID) == 10_000)
        }
    }

    @Test("A refused order stays refused when it is repeated, even when it would be possible by then")
    func staysRefused() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture("tok_refund_refused")
            let first = payments.refund(charge, 9_000)
            let second = payments.refund(charge, 2_000)
            try await payments.send(first, second)
            try await payments.runUntilQuiet()
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 0, refundedCents: 0))
            try await payments.send(second)
            let failed = payments.events(RefundFailed.self).filter { $0.refundID == second.refundID }
            #expect(failed.map(\.reason) == [.exceedsCharge, .exceedsCharge])
            #expect(failed.first == failed.last)
            #expect(payments.jobs.isEmpty)
        }
    }

    @Test("There is nothing to refund without a captured charge of that id, order, organisation and currency")
    func unknownCharge() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let moment = payments.moments.moment()
            let pending = payments.charge("tok_async")
            let declined = payments.charge("tok_declined")
            try await payments.send(pending, declined)
            try await payments.runDueJobs()
            var unheardOf = payments.refund(charge)
            unheardOf.chargeID = moment.makeID()
            var otherOrder = payments.refund(charge)
            otherOrder.orderID = moment.makeID()
            var otherCurrency = payments.refund(charge)
            otherCurrency.currency = .eur
            let commands = [unheardOf, otherOrder, otherCurrency, payments.refund(pending), payments.refund(declined)]
            try await payments.send(commands)
            try await payments.send(payments.refund(charge), organizationID: moment.makeID())
            let failed = payments.events(RefundFailed.self)
            #expect(failed.map(\.reason) == Array(repeating: .unknownCharge, count: 6))
            #expect(failed.prefix(5).map(\.refundID) == commands.map(\.refundID))
            #expect(try await payments.find(unheardOf.refundID)?.provider == nil)
            try await payments.send(unheardOf)
            #expect(payments.events(RefundFailed.self).count == 7)
            #expect(!payments.jobs.contains { $0.kind == RefundJob.kind })
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("An order for no money is not taken")
    func noMoney() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            await #expect {
                try await payments.send(payments.refund(charge, 0))
            } throws: {
                ($0 as? PostgresError)?.constraint == "refunds_amount_cents_check"
            }
            #expect(try await payments.count("refunds") == 0)
        }
    }

    @Test("Two refunds of one charge at the same moment never exceed it", .timeLimit(.minutes(2)))
    func concurrentOrders() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let first = payments.refund(charge, 6_000)
            let second = payments.refund(charge, 6_000)
            try await payments.overlapping {
                try await payments.send([first], beforeCommit: $0)
            } _: {
                try await payments.send([second])
            }
            #expect(payments.events(RefundFailed.self).map(\.refundID) == [second.refundID])
            #expect(payments.events(RefundFailed.self).map(\.reason) == [.exceedsCharge])
            try await payments.runUntilQuiet()
            #expect(try await payments.refunded(of: charge.chargeID) == 6_000)
            #expect(try await payments.balance(.refundsClearing) == 0)
        }
    }

    @Test("The same order handled twice at the same moment is one refund", .timeLimit(.minutes(2)))
    func concurrentDuplicates() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            try await payments.overlapping {
                try await payments.send([command], beforeCommit: $0)
            } _: {
                try await payments.send([command])
            }
            #expect(payments.jobs.count == 1)
            #expect(try await payments.count("refunds") == 1)
            #expect(try await payments.journal(of: command.refundID, .refundAccepted)[.refundsClearing] == -10_000)
        }
    }

    @Test("Many refunds of one charge, ordered by many processes at once, give back what it took and no more")
    func manyProcesses() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let commands = (0..<16).map { _ in payments.refund(charge, 900) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for command in commands { group.addTask { try await payments.send([command]) } }
                try await group.waitForAll()
            }
            #expect(payments.events(RefundFailed.self).count == 5)
            try await payments.runUntilQuiet()
            #expect(payments.events(RefundSucceeded.self).count == 11)
            #expect(try await payments.refunded(of: charge.chargeID) == 9_900)
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 0, refundedCents: 9_900))
        }
    }

    @Test("A charge that bought nothing is refunded under its own id, whatever mark it carries")
    func uselessCaptures() async throws {
        try await withPayments { payments in
            let first = try await payments.capture()
            let second = try await payments.capture(orderID: first.orderID)
            let third = payments.charge("tok_declined")
            try await payments.send(third)
            try await payments.runDueJobs()
            try await payments.receive(
                ProviderNotification(
                    provider: "sandbox", chargeID: third.chargeID,
                    verdict: .captured(reference: "sbx_after_all", at: payments.now)))
            let fourth = try await payments.capture()
            try await payments.receive(
                ProviderNotification(
                    provider: "sandbox", chargeID: fourth.chargeID, verdict: .failed(.declined, detail: "")))
            let marked = [second, third, fourth]
            let commands = marked.map {
                payments.refund($0, purpose: .uselessCapture, refundID: RefundID($0.chargeID.rawValue))
            }
            try await payments.send(commands)
            for command in commands {
                // The fee goes back too, although the platform keeps it when an organiser refunds.
                #expect(
                    try await payments.journal(of: command.refundID, .refundAccepted)
                        == [.organizerPayable: 9_850, .platformFees: 150, .refundsClearing: -10_000])
            }
            let anomalies: [ChargeAnomaly] = [.secondCapture, .capturedAfterFailure, .deniedAfterCapture]
            for (charge, anomaly) in zip(marked, anomalies) {
                #expect(try await payments.find(charge.chargeID)?.anomaly == anomaly)
            }
            try await payments.runUntilQuiet()
            #expect(try await payments.refunded(commands[0].refundID) == 10_000)
            #expect(try await payments.refunded(commands[2].refundID) == 10_000)
        }
    }
}
