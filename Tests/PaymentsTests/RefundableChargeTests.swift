import Contracts
import Foundation
import TestSupport
import Testing

@testable import Payments

@Suite("What a charge gives back")
struct RefundableChargeTests {
    private func charge(
        _ amountCents: Int, feeCents: Int, refundedCents: Int = 0, refundingCents: Int = 0,
        amountReturningFeeCents: Int = 0, returnedFeeCents: Int = 0
    ) -> RefundableCharge {
        RefundableCharge(
            id: .example, organizationID: .example, orderID: .example, amountCents: amountCents, currency: .zar,
            provider: "sandbox", feeCents: feeCents, refundedCents: refundedCents, refundingCents: refundingCents,
            amountReturningFeeCents: amountReturningFeeCents, returnedFeeCents: returnedFeeCents)
    }

    /// A refund as it is ordered: its provider is not known yet.
    private func order(_ amountCents: Int, purpose: RefundPurpose = .order) -> RefundRecord {
        var refund = RefundRecord.sample(amountCents: amountCents, purpose: purpose)
        refund.provider = nil
        return refund
    }

    @Test("What is left can be given back, and one cent more cannot: refunds under way count")
    func left() {
        var charge = charge(10_000, feeCents: 150, refundedCents: 3_000, refundingCents: 4_000)
        let tooMuch = charge.decide(order(3_001), fees: .kept)
        #expect(tooMuch.status == .failed)
        #expect(tooMuch.failureReason == .exceedsCharge)
        #expect(tooMuch.failureDetail == "Of the charge, 3000 minor units are left, not 3001.")
        #expect(charge.leftCents == 3_000)
        let rest = charge.decide(order(3_000), fees: .kept)
        #expect(rest.status == .initiated)
        #expect(rest.provider == "sandbox")
        #expect(charge.leftCents == 0)
        #expect(charge.decide(order(1), fees: .kept).failureReason == .exceedsCharge)
    }

    @Test("An order for another order, organisation or currency knows no such charge")
    func unknownCharge() {
        var charge = charge(10_000, feeCents: 150)
        for command in [
            Refund(
                refundID: .example, chargeID: .example, checkoutID: .example, orderID: .example, amountCents: 1,
                currency: .eur, purpose: .order),
            Refund(
                refundID: .example, chargeID: .example, checkoutID: .example,
                orderID: OrderID(UUID()), amountCents: 1, currency: .zar, purpose: .order),
        ] {
            let refund = charge.decide(
                RefundRecord(command, organizationID: .example, correlationID: nil), fees: .kept)
            #expect(refund.failureReason == .unknownCharge)
            #expect(refund.provider == nil)
        }
        var foreign = Refund.example
        foreign.currency = .zar
        let refund = charge.decide(
            RefundRecord(foreign, organizationID: OrganizationID(UUID()), correlationID: nil),
            fees: .kept)
        #expect(refund.failureReason == .unknownCharge)
        #expect(charge.leftCents == 10_000)
    }

    @Test("The fee is kept or returned as the policy says; on money that bought nothing it is always returned in full")
    func policies() {
        var kept = charge(10_000, feeCents: 150)
        #expect(kept.decide(order(5_000), fees: .kept).returnedFeeCents == nil)
        #expect(kept.decide(order(5_000, purpose: .uselessCapture), fees: .kept).returnedFeeCents == 150)
        var returned = charge(10_000, feeCents: 150)
        #expect(returned.decide(order(5_000), fees: .returned).returnedFeeCents == 75)
        #expect(returned.decide(order(5_000, purpose: .uselessCapture), fees: .returned).returnedFeeCents == 75)
        var allFee = charge(50, feeCents: 50)
        #expect(allFee.decide(order(20, purpose: .uselessCapture), fees: .kept).returnedFeeCents == 20)
    }

    @Test("Parts that went back while the fee was kept bring nothing of it later")
    func changedPolicy() {
        var charge = charge(10_000, feeCents: 150)
        _ = charge.decide(order(5_000), fees: .kept)
        #expect(charge.decide(order(5_000), fees: .returned).returnedFeeCents == 75)
    }

    @Test("Parts of the fee are rounded half up on all that went back, so that they sum to the whole")
    func rounding() {
        var thirds = charge(100, feeCents: 2)
        #expect([33, 33, 34].map { thirds.decide(order($0), fees: .returned).returnedFeeCents } == [1, 0, 1])
        var cents = charge(7, feeCents: 3)
        let parts = (0..<7).map { _ in cents.decide(order(1), fees: .returned).returnedFeeCents ?? -1 }
        #expect(parts == [0, 1, 0, 1, 0, 1, 0])
    }

    @Test("The greatest amounts do not overflow")
    func greatestAmount() {
        var charge = charge(.max, feeCents: .max)
        #expect(charge.decide(order(.max - 1), fees: .returned).returnedFeeCents == .max - 1)
        #expect(charge.decide(order(1), fees: .returned).returnedFeeCents == 1)
    }

    @Test(
        "Over many parts, some of which fail, no part returns more fee than money, and a whole refund returns the fee",
        arguments: 1...200)
    func manyParts(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let amountCents = Int.random(in: 1...(seed.isMultiple(of: 2) ? 60 : 1_000_000), using: &generator)
        let feeCents = Int.random(in: 0...amountCents, using: &generator)
        var parts: [(amountCents: Int, feeCents: Int)] = []
        var hasFailures = false
        while true {
            let given = parts.reduce(0) { $0 + $1.amountCents }
            let returned = parts.reduce(0) { $0 + $1.feeCents }
            #expect((0...feeCents).contains(returned))
            if !hasFailures {
                let exact = Double(feeCents) * Double(given) / Double(amountCents)
                #expect(abs(Double(returned) - exact) <= 0.500_001)
            }
            if given == amountCents {
                #expect(returned == feeCents)
                return
            }
            if Int.random(in: 0..<4, using: &generator) == 0, let index = parts.indices.randomElement(using: &generator)
            {
                parts.remove(at: index)
                hasFailures = true
                continue
            }
            var charge = charge(
                amountCents, feeCents: feeCents, refundedCents: given, amountReturningFeeCents: given,
                returnedFeeCents: returned)
            let greatest = max(1, (amountCents - given) / Int.random(in: 1...3, using: &generator))
            let part = Int.random(in: 1...greatest, using: &generator)
            guard let partFeeCents = charge.decide(order(part), fees: .returned).returnedFeeCents else {
                Issue.record("the part of \(part) was refused")
                return
            }
            #expect((0...part).contains(partFeeCents))
            parts.append((part, partFeeCents))
        }
    }
}
