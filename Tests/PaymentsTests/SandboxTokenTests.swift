import Contracts
import Testing

@testable import Payments

@Suite("The sandbox's tokens")
struct SandboxTokenTests {
    private let now = Timestamp.example

    private func plan(_ token: String, holdSeconds: Int = 900) -> SandboxPlan {
        SandboxToken.plan(for: token, holdExpiresAt: now + .seconds(holdSeconds), at: now)
    }

    @Test("Each token is planned as the documentation says")
    func plans() {
        #expect(plan("tok_ok") == SandboxPlan(outcome: .captured, settlesAt: now))
        #expect(plan("tok_declined") == SandboxPlan(outcome: .declined, settlesAt: now))
        #expect(plan("tok_insufficient_funds") == SandboxPlan(outcome: .insufficientFunds, settlesAt: now))
        #expect(plan("tok_slow") == SandboxPlan(outcome: .captured, settlesAt: now + .seconds(3)))
        #expect(plan("tok_async") == SandboxPlan(outcome: .captured, settlesAt: now + .seconds(2), notifications: 2))
        #expect(plan("tok_lost") == SandboxPlan(outcome: .captured, settlesAt: now))
        #expect(plan("tok_unavailable") == SandboxPlan(outcome: .captured, settlesAt: now, refusals: 3))
    }

    @Test("Tokens about refunds are charged like any other, and refunded as the documentation says")
    func refundPlans() {
        for token in ["tok_refund_refused", "tok_refund_async", "tok_refund_lost", "tok_refund_unavailable"] {
            #expect(plan(token) == SandboxPlan(outcome: .captured, settlesAt: now))
        }
        let refunded = SandboxRefundPlan(outcome: .refunded, settlesAt: now)
        for token in ["tok_ok", "tok_slow", "tok_async", "tok_lost", "tok_late", "tok_unavailable"] {
            #expect(SandboxToken.refundPlan(for: token, at: now) == refunded)
        }
        let plans = ["tok_refund_refused", "tok_refund_async", "tok_refund_lost", "tok_refund_unavailable"].map {
            SandboxToken.refundPlan(for: $0, at: now)
        }
        #expect(
            plans == [
                SandboxRefundPlan(outcome: .refused, settlesAt: now),
                SandboxRefundPlan(outcome: .refunded, settlesAt: now + .seconds(2), notifications: 2),
                SandboxRefundPlan(outcome: .refunded, settlesAt: now, isAnswered: false),
                SandboxRefundPlan(outcome: .refunded, settlesAt: now, refusals: 3),
            ])
    }

    @Test("The late token settles five seconds after the hold, or after now when the hold is over")
    func late() {
        #expect(plan("tok_late") == SandboxPlan(outcome: .captured, settlesAt: now + .seconds(905), notifications: 2))
        #expect(plan("tok_late", holdSeconds: -60).settlesAt == now + .seconds(5))
    }

    @Test("Any other text is an invalid token", arguments: ["", "tok", "TOK_OK", "tok_ok ", "4242424242424242"])
    func invalid(token: String) {
        #expect(plan(token) == SandboxPlan(outcome: .invalidToken, settlesAt: now))
    }

    @Test("A charge is pending until it settles")
    func pendingUntilSettled() {
        let entry = SandboxEntry(reference: "sbx_1", outcome: .captured, settlesAt: now)
        #expect(entry.verdict(at: now - .milliseconds(1)) == .pending(reference: "sbx_1"))
        #expect(entry.verdict(at: now) == .captured(reference: "sbx_1", at: now))
        #expect(SandboxEntry(reference: "sbx_1", outcome: nil, settlesAt: nil).verdict(at: now) == nil)
    }
}
