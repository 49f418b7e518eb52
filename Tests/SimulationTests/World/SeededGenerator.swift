/// Random numbers that follow from a seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Another generator, independent of what this one gives afterwards.
    mutating func split() -> SeededGenerator {
        SeededGenerator(seed: next())
    }

    mutating func chance(_ probability: Double) -> Bool {
        guard probability > 0 else { return false }
        return Double(next() >> 11) * 0x1p-53 < probability
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    mutating func milliseconds(in range: ClosedRange<Int>) -> Duration {
        .milliseconds(number(in: range))
    }

    /// One of the elements, as often as its weight says against the sum of all.
    mutating func pick<Element>(_ weighted: [(weight: Int, element: Element)]) -> Element? {
        let total = weighted.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        var rest = number(in: 1...total)
        for (weight, element) in weighted {
            rest -= weight
            if rest <= 0 { return element }
        }
        return nil
    }
}
