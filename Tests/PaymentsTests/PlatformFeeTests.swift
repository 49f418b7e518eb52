import Testing

@testable import Payments

@Suite("The platform's fee")
struct PlatformFeeTests {
    @Test(
        "The proportional part is rounded half up to the minor unit",
        arguments: [
            (150, 10_000, 150), (150, 33, 0), (150, 34, 1), (150, 100, 2), (150, 99, 1), (150, 5_233, 78),
            (150, 5_234, 79), (0, 10_000, 0), (10_000, 777, 777), (1, 5_000, 1), (1, 4_999, 0),
        ])
    func rounding(basisPoints: Int, amountCents: Int, feeCents: Int) {
        #expect(PlatformFee(basisPoints: basisPoints, fixedCents: 0).cents(of: amountCents) == feeCents)
    }

    @Test("The fixed sum comes on top and the fee never exceeds the amount")
    func fixedSum() {
        let fee = PlatformFee(basisPoints: 150, fixedCents: 200)
        #expect(fee.cents(of: 10_000) == 350)
        #expect(fee.cents(of: 150) == 150)
        #expect(fee.cents(of: 0) == 0)
    }

    @Test("The greatest amount does not overflow")
    func greatestAmount() {
        #expect(PlatformFee(basisPoints: 10_000, fixedCents: 1_000_000).cents(of: .max) == .max)
        #expect(PlatformFee(basisPoints: 150, fixedCents: 0).cents(of: .max) == 138_350_580_552_821_637)
    }
}
