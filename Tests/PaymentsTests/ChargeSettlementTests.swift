import Contracts
import Foundation
import Testing

@testable import Payments

@Suite("Settling a charge")
struct ChargeSettlementTests {
    @Test("A capture ends a charge once: token gone, reference and time kept")
    func capture() {
        let settlement = ChargeSettlement(of: .sample(.pending), by: .sampleCapture, orderIsPaid: false)
        #expect(settlement.step == .captured)
        #expect(settlement.charge.status == .succeeded)
        #expect(settlement.charge.token == nil)
        #expect(settlement.charge.providerReference == "sbx_1")
        #expect(settlement.charge.capturedAt == .example)
        #expect(settlement.charge.anomaly == nil)
        let again = ChargeSettlement(of: settlement.charge, by: .sampleCapture, orderIsPaid: false)
        #expect(again.step == .none)
        #expect(again.charge == settlement.charge)
    }

    @Test("A failure ends a charge once, with its reason")
    func failure() {
        let settlement = ChargeSettlement(of: .sample(.initiated), by: .sampleFailure, orderIsPaid: false)
        #expect(settlement.step == .failed)
        #expect(settlement.charge.status == .failed)
        #expect(settlement.charge.token == nil)
        #expect(settlement.charge.failureReason == .declined)
        #expect(
            ChargeSettlement(of: settlement.charge, by: .sampleFailure, orderIsPaid: false).step == .none)
    }

    @Test(
        "Whatever leaves the end open makes a new charge pending, once",
        arguments: [ChargeVerdict.pending(reference: "sbx_1"), .absent, .unavailable, .unknown])
    func pending(verdict: ChargeVerdict) {
        let first = ChargeSettlement(of: .sample(.initiated), by: verdict, orderIsPaid: false)
        #expect(first.step == .becamePending)
        #expect(first.charge.status == .pending)
        #expect(first.charge.token == "tok_ok")
        let second = ChargeSettlement(of: first.charge, by: verdict, orderIsPaid: false)
        #expect(second.step == .none)
        #expect(second.charge == first.charge)
    }

    @Test("Money that arrives for a failed charge is kept and marked")
    func captureAfterFailure() {
        let settlement = ChargeSettlement(of: .sample(.failed), by: .sampleCapture, orderIsPaid: false)
        #expect(settlement.step == .captured)
        #expect(settlement.charge.status == .succeeded)
        #expect(settlement.charge.failureReason == nil)
        #expect(settlement.charge.anomaly == .capturedAfterFailure)
    }

    @Test("Money for an order that is already paid is kept and marked", arguments: [ChargeState.pending, .failed])
    func secondCapture(status: ChargeState) {
        let settlement = ChargeSettlement(of: .sample(status), by: .sampleCapture, orderIsPaid: true)
        #expect(settlement.step == .captured)
        #expect(settlement.charge.anomaly == .secondCapture)
    }

    @Test("A failure reported after the capture changes nothing but is marked")
    func denialAfterCapture() {
        let settlement = ChargeSettlement(of: .sample(.succeeded), by: .sampleFailure, orderIsPaid: false)
        #expect(settlement.step == .none)
        #expect(settlement.charge.status == .succeeded)
        #expect(settlement.charge.anomaly == .deniedAfterCapture)
    }

    @Test("For every state and verdict: money is never forgotten, an end never undone, a step never repeated")
    func everyPair() {
        let verdicts: [ChargeVerdict] = [
            .sampleCapture, .sampleFailure, .pending(reference: nil), .pending(reference: "sbx_1"), .absent,
            .unavailable, .unknown,
        ]
        for status in ChargeState.allCases {
            for verdict in verdicts {
                for orderIsPaid in [false, true] {
                    let before = ChargeRecord.sample(status)
                    let settlement = ChargeSettlement(of: before, by: verdict, orderIsPaid: orderIsPaid)
                    let after = settlement.charge
                    #expect((after.token == nil) == after.hasEnded)
                    #expect((after.capturedAt != nil) == (after.status == .succeeded))
                    #expect((after.failureReason != nil) == (after.status == .failed))
                    let isNewCapture = before.status != .succeeded && after.status == .succeeded
                    #expect((settlement.step == .captured) == isNewCapture)
                    let isNewFailure = before.status != .failed && after.status == .failed
                    #expect((settlement.step == .failed) == isNewFailure)
                    if before.status == .succeeded { #expect(after.status == .succeeded) }
                    if before.hasEnded { #expect(after.hasEnded) }
                    if case .captured = verdict { #expect(after.status == .succeeded) }
                    #expect(after.status != .initiated)
                    let repeated = ChargeSettlement(of: after, by: verdict, orderIsPaid: orderIsPaid)
                    #expect(repeated.step == .none)
                    #expect(repeated.charge == after)
                }
            }
        }
    }
}

extension ChargeVerdict {
    static var sampleCapture: ChargeVerdict { .captured(reference: "sbx_1", at: .example) }
    static var sampleFailure: ChargeVerdict { .failed(.declined, detail: "The card was declined.") }
}
