import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("The sandbox provider's book of refunds")
struct SandboxRefundTests {
    /// Money that the sandbox took.
    private func capture(
        _ token: String, _ payments: PaymentsFixture, amountCents: Int = 10_000
    ) async throws -> ProviderCharge {
        let charge = try #require(
            ProviderCharge(
                ChargeRecord(
                    payments.charge(token, amountCents: amountCents), organizationID: .example, correlationID: nil)))
        guard case .captured = try await payments.provider.charge(charge) else {
            throw PaymentsFixtureError.notTaken
        }
        return charge
    }

    private func refund(
        _ charge: ProviderCharge, _ amountCents: Int, _ payments: PaymentsFixture
    ) -> ProviderRefund {
        ProviderRefund(
            refundID: payments.moments.moment().makeID(), chargeID: charge.chargeID, amountCents: amountCents,
            currency: charge.currency)
    }

    @Test(
        "The same key called by many at the same moment gets one answer and gives back once",
        arguments: ["tok_ok", "tok_refund_refused", "tok_refund_async"])
    func concurrentCalls(token: String) async throws {
        try await withPayments { payments in
            let order = refund(try await capture(token, payments), 4_000, payments)
            let provider = payments.provider
            let verdicts = try await withThrowingTaskGroup(of: RefundVerdict.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await provider.refund(order) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count == 20)
            #expect(verdicts.allSatisfy { $0 == verdicts.first })
            #expect(try await payments.calls(order.refundID) == 20)
            #expect(try await payments.refunded(order.refundID) == (token == "tok_ok" ? 4_000 : nil))
        }
    }

    @Test("A key is bound to its charge, amount and currency")
    func reusedKey() async throws {
        try await withPayments { payments in
            let charge = try await capture("tok_ok", payments)
            let other = try await capture("tok_ok", payments)
            let order = refund(charge, 4_000, payments)
            let verdict = try await payments.provider.refund(order)
            for (chargeID, amountCents, currency) in [
                (charge.chargeID, 4_001, Currency.zar), (charge.chargeID, 4_000, .eur), (other.chargeID, 4_000, .zar),
            ] {
                await #expect(throws: ProviderError.idempotencyKeyReused) {
                    _ = try await payments.provider.refund(
                        ProviderRefund(
                            refundID: order.refundID, chargeID: chargeID, amountCents: amountCents, currency: currency))
                }
            }
            #expect(try await payments.provider.refund(order) == verdict)
            #expect(try await payments.refunded(of: charge.chargeID) == 4_000)
        }
    }

    @Test("It never gives back more than it captured, and a refused key stays refused")
    func neverMore() async throws {
        try await withPayments { payments in
            let charge = try await capture("tok_ok", payments)
            let provider = payments.provider
            let orders = (0..<20).map { _ in refund(charge, 900, payments) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in orders {
                    group.addTask { _ = try await provider.refund(order) }
                }
                try await group.waitForAll()
            }
            #expect(try await payments.refunded(of: charge.chargeID) == 9_900)
            let refused = refund(charge, 101, payments)
            let verdict = try await provider.refund(refused)
            #expect(verdict == .refused(detail: "The payment provider does not give this money back."))
            #expect(try await provider.refund(refused) == verdict)
            #expect(try await provider.refundStatus(of: refused.refundID) == verdict)
            _ = try await provider.refund(refund(charge, 100, payments))
            #expect(try await payments.refunded(of: charge.chargeID) == 10_000)
        }
    }

    @Test("What was never captured, or in another currency, is not given back")
    func nothingCaptured() async throws {
        try await withPayments { payments in
            let charge = try await capture("tok_ok", payments)
            let unheardOf = ProviderRefund(
                refundID: payments.moments.moment().makeID(), chargeID: payments.moments.moment().makeID(),
                amountCents: 1, currency: .zar)
            let otherCurrency = ProviderRefund(
                refundID: payments.moments.moment().makeID(), chargeID: charge.chargeID, amountCents: 1, currency: .eur)
            for order in [unheardOf, otherCurrency] {
                guard case .refused = try await payments.provider.refund(order) else {
                    Issue.record("\(order) was not refused")
                    continue
                }
                #expect(try await payments.refunded(order.refundID) == nil)
            }
        }
    }

    @Test("The status of a key is what the book holds: nothing, pending, or the outcome")
    func status() async throws {
        try await withPayments { payments in
            let order = refund(try await capture("tok_refund_async", payments), 4_000, payments)
            #expect(try await payments.provider.refundStatus(of: order.refundID) == .absent)
            let pending = try await payments.provider.refund(order)
            #expect(try await payments.provider.refundStatus(of: order.refundID) == pending)
            #expect(try await payments.refunded(order.refundID) == nil)
            payments.clock.advance(by: .seconds(2))
            guard case .refunded(_, let refundedAt) = try await payments.provider.refundStatus(of: order.refundID)
            else {
                Issue.record("the refund did not settle")
                return
            }
            #expect(refundedAt == payments.now)
            #expect(try await payments.refunded(order.refundID) == 4_000)
            let refused = refund(try await capture("tok_refund_unavailable", payments), 4_000, payments)
            await #expect(throws: ProviderError.unavailable) { _ = try await payments.provider.refund(refused) }
            #expect(try await payments.provider.refundStatus(of: refused.refundID) == .absent)
        }
    }

    @Test("A refund that is pending counts against what is left")
    func pendingCounts() async throws {
        try await withPayments { payments in
            let charge = try await capture("tok_refund_async", payments)
            _ = try await payments.provider.refund(refund(charge, 6_000, payments))
            guard case .refused = try await payments.provider.refund(refund(charge, 6_000, payments)) else {
                Issue.record("given back twice")
                return
            }
            payments.clock.advance(by: .seconds(2))
            _ = try await payments.notifier.book.claimDueNotifications(
                limit: 10, lease: .seconds(30), at: payments.now)
            #expect(try await payments.refunded(of: charge.chargeID) == 6_000)
        }
    }

    @Test("What was given back stays as it is")
    func appendOnly() async throws {
        try await withPayments { payments in
            _ = try await payments.provider.refund(refund(try await capture("tok_ok", payments), 4_000, payments))
            for statement in ["UPDATE refunds SET amount_cents = 1", "DELETE FROM refunds", "TRUNCATE refunds"] {
                await #expect {
                    _ = try await payments.sandboxDatabase.query("\(unescaped: statement)")
                } throws: {
                    ($0 as? PostgresError)?.constraint == "refunds_append_only"
                }
            }
        }
    }
}
