import Contracts
import Messaging
import Postgres
import Testing

@testable import Payments

@Suite("Orders to charge")
struct ChargeHandlerTests {
    @Test("A batch of orders becomes one row and one call to the provider each")
    func batch() async throws {
        try await withPayments { payments in
            let commands = (0..<100).map { _ in payments.charge("tok_ok") }
            try await payments.send(commands)
            #expect(payments.jobs.map(\.kind) == Array(repeating: ChargeJob.kind, count: 100))
            let ordered = payments.jobs.compactMap { ($0.payload as? ChargeJob.Payload)?.charge.chargeID }
            #expect(ordered == commands.map(\.chargeID))
            #expect(payments.messages.isEmpty)
            let command = commands[7]
            let charge = try #require(try await payments.find(command.chargeID))
            #expect(charge.status == .initiated)
            #expect(charge.token == "tok_ok")
            #expect(charge.amountCents == 10_000)
            #expect(charge.organizationID == .example)
            #expect(charge.correlationID == command.checkoutID.rawValue)
            #expect(charge.holdExpiresAt == command.holdExpiresAt)
        }
    }

    @Test("An order that comes again, in the same batch or later, starts nothing")
    func duplicate() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command, command)
            try await payments.send(command)
            #expect(payments.jobs.count == 1)
            #expect(payments.messages.isEmpty)
            #expect(try await payments.count("transactions") == 1)
        }
    }

    @Test("An order that comes again after the charge has ended is answered with its outcome and starts nothing")
    func lateDuplicate() async throws {
        try await withPayments { payments in
            let paid = payments.charge("tok_ok")
            let declined = payments.charge("tok_declined")
            try await payments.send(paid, declined)
            try await payments.runDueJobs()
            try await payments.send(paid, declined)
            let succeeded = payments.events(ChargeSucceeded.self)
            #expect(succeeded.count == 2)
            #expect(succeeded.first == succeeded.last)
            let failed = payments.events(ChargeFailed.self)
            #expect(failed.count == 2)
            #expect(failed.first == failed.last)
            #expect(payments.jobs.isEmpty)
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A charge's id with another content, or from another organisation, is not taken and says nothing")
    func refusal() async throws {
        try await withPayments { payments in
            let command = payments.charge("tok_ok")
            try await payments.send(command)
            try await payments.runDueJobs()
            var other = command
            other.amountCents += 1
            await #expect(throws: PaymentsError.chargeIDReused(command.chargeID)) {
                try await payments.send(other)
            }
            await #expect(throws: PaymentsError.chargeIDReused(command.chargeID)) {
                try await payments.send(command, organizationID: payments.moments.moment().makeID())
            }
            #expect(payments.events(ChargeSucceeded.self).count == 1)
            #expect(try await payments.find(command.chargeID)?.amountCents == 10_000)
        }
    }

    @Test("An order for no money is not taken")
    func noMoney() async throws {
        try await withPayments { payments in
            await #expect {
                try await payments.send(payments.charge("tok_ok", amountCents: 0))
            } throws: {
                ($0 as? PostgresError)?.constraint == "transactions_amount_cents_check"
            }
            let stored = try await payments.count("transactions")
            #expect(stored == 0)
        }
    }
}
