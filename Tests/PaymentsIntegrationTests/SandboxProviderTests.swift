import Contracts
import Logging
import Messaging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Payments

@Suite("The sandbox provider's book")
struct SandboxProviderTests {
    private func call(_ token: String, _ payments: PaymentsFixture, amountCents: Int = 10_000) -> ProviderCharge {
        let command = payments.charge(token, amountCents: amountCents)
        return ProviderCharge(
            chargeID: command.chargeID, amountCents: amountCents, currency: .zar, token: token,
            holdExpiresAt: command.holdExpiresAt)
    }

    private func call(_ charge: ProviderCharge, amountCents: Int, currency: Currency, token: String) -> ProviderCharge {
        ProviderCharge(
            chargeID: charge.chargeID, amountCents: amountCents, currency: currency, token: token,
            holdExpiresAt: charge.holdExpiresAt)
    }

    @Test(
        "The same key called by many at the same moment gets one answer and takes the money once",
        arguments: ["tok_ok", "tok_declined", "tok_async"])
    func concurrentCalls(token: String) async throws {
        try await withPayments { payments in
            let charge = call(token, payments)
            let provider = payments.provider
            let verdicts = try await withThrowingTaskGroup(of: ChargeVerdict.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await provider.charge(charge) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count == 20)
            #expect(verdicts.allSatisfy { $0 == verdicts.first })
            #expect(try await payments.calls(charge.chargeID) == 20)
            let count = try await payments.sandboxDatabase.query("SELECT count(*) FROM captures").decodeOne(Int.self)
            #expect(count == (token == "tok_ok" ? 1 : 0))
        }
    }

    @Test("A key is bound to its amount, currency and token")
    func reusedKey() async throws {
        try await withPayments { payments in
            let charge = call("tok_ok", payments)
            let verdict = try await payments.provider.charge(charge)
            let others = [
                call(charge, amountCents: 10_001, currency: .zar, token: "tok_ok"),
                call(charge, amountCents: 10_000, currency: .eur, token: "tok_ok"),
                call(charge, amountCents: 10_000, currency: .zar, token: "tok_declined"),
            ]
            for other in others {
                await #expect(throws: ProviderError.idempotencyKeyReused) {
                    try await payments.provider.charge(other)
                }
            }
            #expect(try await payments.provider.charge(charge) == verdict)
            #expect(try await payments.captured(charge.chargeID) == 10_000)
        }
    }

    @Test("The status of a key is what the book holds: nothing, pending, or the outcome")
    func status() async throws {
        try await withPayments { payments in
            let charge = call("tok_async", payments)
            #expect(try await payments.provider.status(of: charge.chargeID) == .absent)
            let pending = try await payments.provider.charge(charge)
            #expect(try await payments.provider.status(of: charge.chargeID) == pending)
            payments.clock.advance(by: .seconds(2))
            guard case .captured(_, let capturedAt) = try await payments.provider.status(of: charge.chargeID) else {
                Issue.record("the charge did not settle")
                return
            }
            #expect(capturedAt == payments.now)
            #expect(try await payments.captured(charge.chargeID) == 10_000)
            let refused = call("tok_unavailable", payments)
            await #expect(throws: ProviderError.unavailable) { try await payments.provider.charge(refused) }
            #expect(try await payments.provider.status(of: refused.chargeID) == .absent)
        }
    }

    @Test("A key that was called off takes no money; one that was accepted cannot be called off")
    func cancellation() async throws {
        try await withPayments { payments in
            let unused = call("tok_ok", payments)
            let canceled = try await payments.provider.cancel(unused.chargeID)
            #expect(canceled == .failed(.providerError, detail: "The payment provider could not be reached in time."))
            #expect(try await payments.provider.charge(unused) == canceled)
            #expect(try await payments.provider.cancel(unused.chargeID) == canceled)
            #expect(try await payments.captured(unused.chargeID) == nil)
            let used = call("tok_ok", payments)
            let captured = try await payments.provider.charge(used)
            #expect(try await payments.provider.cancel(used.chargeID) == captured)
            let pending = call("tok_async", payments)
            let answer = try await payments.provider.charge(pending)
            #expect(try await payments.provider.cancel(pending.chargeID) == answer)
        }
    }

    @Test("What was captured stays as it is")
    func appendOnly() async throws {
        try await withPayments { payments in
            _ = try await payments.provider.charge(call("tok_ok", payments))
            for statement in [
                "UPDATE captures SET amount_cents = 1", "DELETE FROM captures", "TRUNCATE captures CASCADE",
            ] {
                await #expect {
                    _ = try await payments.sandboxDatabase.query("\(unescaped: statement)")
                } throws: {
                    ($0 as? PostgresError)?.constraint == "captures_append_only"
                }
            }
        }
    }

    @Test("A notification that is not taken comes again after a growing pause, until it was taken twice")
    func retries() async throws {
        try await withPayments { payments in
            _ = try await payments.provider.charge(call("tok_async", payments))
            let attempts = Mutex<[Duration]>([])
            let notifier = SandboxNotifier(
                book: payments.provider.book, moments: payments.moments, pause: payments.provider.pause,
                logger: Logger(label: "test")
            ) { _ in
                let count = attempts.withLock { attempts in
                    attempts.append(payments.clock.elapsed)
                    return attempts.count
                }
                if count <= 3 { throw PaymentsFixtureError.notTaken }
            }
            while try await payments.undeliveredNotifications() > 0, payments.clock.elapsed < .seconds(60) {
                try await notifier.deliverDue()
                payments.clock.advance(by: .seconds(1))
            }
            #expect(attempts.withLock { $0 } == [2, 3, 5, 9, 10].map { .seconds($0) })
        }
    }

    @Test("A notification is told by one process at a time, and by another when the first one died over it")
    func leases() async throws {
        try await withPayments { payments in
            let charge = call("tok_async", payments)
            _ = try await payments.provider.charge(charge)
            payments.clock.advance(by: .seconds(2))
            let book = payments.provider.book
            let first = try await book.claimDueNotifications(limit: 10, lease: .seconds(30), at: payments.now)
            guard case .charge(charge.chargeID, _)? = first.first?.content, first.count == 1 else {
                Issue.record("claimed \(first)")
                return
            }
            #expect(try await book.claimDueNotifications(limit: 10, lease: .seconds(30), at: payments.now).isEmpty)
            payments.clock.advance(by: .seconds(30))
            let second = try await book.claimDueNotifications(limit: 10, lease: .seconds(30), at: payments.now)
            #expect(second == first)
        }
    }
}
