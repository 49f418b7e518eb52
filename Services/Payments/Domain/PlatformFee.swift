/// What the platform keeps of a captured amount: a part of it, rounded half up to the minor unit, and a fixed sum;
/// never more than the amount itself.
struct PlatformFee: Sendable, Equatable {
    /// Hundredths of a percent, 0 to 10,000.
    let basisPoints: Int
    /// Minor units of the charge's currency, zero or more.
    let fixedCents: Int

    /// The fee on an amount of zero or more minor units.
    func cents(of amountCents: Int) -> Int {
        // Split so that no intermediate product exceeds the amount's own range.
        let (tenThousands, rest) = amountCents.quotientAndRemainder(dividingBy: 10_000)
        let proportional = tenThousands * basisPoints + (rest * basisPoints + 5_000) / 10_000
        return proportional + min(fixedCents, amountCents - proportional)
    }
}
