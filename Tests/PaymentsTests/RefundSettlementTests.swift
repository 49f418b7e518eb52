import Contracts
import Testing

@testable import Payments

@Suite("Settling a refund")
struct RefundSettlementTests {
    @Test("Money given back ends a refund once: reference and time kept")
    func success() {
        let settlement = RefundSettlement(of: .sample(.pending), by: .sampleRefund)
        #expect(settlement.step == .succeeded)
        #expect(settlement.refund.status == .succeeded)
        #expect(settlement.refund.providerReference == "sbx_re_1")
        #expect(settlement.refund.refundedAt == .example)
        #expect(settlement.refund.outcome is RefundSucceeded)
        #expect(RefundSettlement(of: settlement.refund, by: .sampleRefund).step == .none)
    }

    @Test("A refusal ends a refund once, with its reason")
    func refusal() {
        let settlement = RefundSettlement(of: .sample(.initiated), by: .sampleRefusal)
        #expect(settlement.step == .failed)
        #expect(settlement.refund.status == .failed)
        #expect(settlement.refund.failureReason == .providerRefused)
        #expect(settlement.refund.failureDetail == "The card is closed.")
        #expect(settlement.refund.outcome is RefundFailed)
        #expect(RefundSettlement(of: settlement.refund, by: .sampleRefusal).step == .none)
    }

    @Test(
        "Whatever leaves the end open makes a new refund pending, once",
        arguments: [RefundVerdict.pending(reference: "sbx_re_1"), .absent, .unavailable, .unknown])
    func pending(verdict: RefundVerdict) {
        let first = RefundSettlement(of: .sample(.initiated), by: verdict)
        #expect(first.step == .becamePending)
        #expect(first.refund.status == .pending)
        #expect(first.refund.outcome == nil)
        let second = RefundSettlement(of: first.refund, by: verdict)
        #expect(second.step == .none)
        #expect(second.refund == first.refund)
    }

    @Test("A provider that contradicts its last word is marked, and the refund stays as it ended")
    func contradictions() {
        let surprise = RefundSettlement(of: .sample(.failed), by: .sampleRefund)
        #expect(surprise.step == .none)
        #expect(surprise.refund.status == .failed)
        #expect(surprise.refund.anomaly == .refundedAfterFailure)
        let denial = RefundSettlement(of: .sample(.succeeded), by: .sampleRefusal)
        #expect(denial.step == .none)
        #expect(denial.refund.status == .succeeded)
        #expect(denial.refund.anomaly == .deniedAfterRefund)
    }

    @Test("For every state and verdict: an end is never undone, a step never repeated, nothing stays new")
    func everyPair() {
        let verdicts: [RefundVerdict] = [
            .sampleRefund, .sampleRefusal, .pending(reference: nil), .pending(reference: "sbx_re_1"), .absent,
            .unavailable, .unknown,
        ]
        for status in RefundStatus.allCases {
            for verdict in verdicts {
                let before = RefundRecord.sample(status)
                let settlement = RefundSettlement(of: before, by: verdict)
                let after = settlement.refund
                #expect((after.refundedAt != nil) == (after.status == .succeeded))
                #expect((after.failureReason != nil) == (after.status == .failed))
                #expect((after.outcome != nil) == after.hasEnded)
                #expect((settlement.step == .succeeded) == (before.status != .succeeded && after.status == .succeeded))
                #expect((settlement.step == .failed) == (before.status != .failed && after.status == .failed))
                if before.hasEnded { #expect(after.status == before.status) }
                #expect(after.status != .initiated)
                let repeated = RefundSettlement(of: after, by: verdict)
                #expect(repeated.step == .none)
                #expect(repeated.refund == after)
            }
        }
    }
}
