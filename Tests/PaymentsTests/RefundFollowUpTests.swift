import Contracts
import Testing

@testable import Payments

@Suite("Asking after a refund")
struct RefundFollowUpTests {
    @Test("A refund that has ended is not asked after", arguments: [RefundStatus.succeeded, .failed])
    func ended(status: RefundStatus) {
        for verdict in [RefundVerdict.unknown, .absent, .pending(reference: nil)] {
            #expect(RefundFollowUp(to: verdict, of: .sample(status), round: 0) == .none)
        }
    }

    @Test(
        "A refund the provider may have is asked after, for ever and with growing pauses",
        arguments: [RefundVerdict.unknown, .pending(reference: nil)])
    func inquiry(verdict: RefundVerdict) {
        let pauses = [0, 1, 2, 5, 6, 100_000].map { RefundFollowUp(to: verdict, of: .sample(.pending), round: $0) }
        #expect(pauses == [1, 2, 4, 32, 60, 60].map { .inquire(after: .seconds($0)) })
    }

    @Test(
        "A refund the provider does not have is ordered again, for ever and with growing pauses",
        arguments: [RefundVerdict.absent, .unavailable])
    func orderedAgain(verdict: RefundVerdict) {
        let pauses = [0, 1, 2, 5, 6, 100_000].map { RefundFollowUp(to: verdict, of: .sample(.pending), round: $0) }
        #expect(pauses == [1, 2, 4, 32, 60, 60].map { .refundAgain(after: .seconds($0)) })
    }

    @Test("A question that was refused tells nothing of what was asked after")
    func refusedQuestion() {
        #expect(RefundVerdict.unavailable.asAnswerToAQuestion == .unknown)
        #expect(ChargeVerdict.unavailable.asAnswerToAQuestion == .unknown)
        #expect(RefundVerdict.absent.asAnswerToAQuestion == .absent)
        #expect(RefundVerdict.sampleRefund.asAnswerToAQuestion == .sampleRefund)
    }
}
