import Foundation

/// SplitMix64: the same seed makes the same load.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// The wait until the next arrival of a Poisson process.
    /// - Parameter rate: arrivals per second on average.
    /// - Returns: seconds.
    mutating func wait(rate: Double) -> Double {
        -log(1 - Double.random(in: 0..<1, using: &self)) / rate
    }

    /// A random UUID in lower case.
    mutating func uuid() -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        var bits: UInt64 = 0
        for position in 0..<32 {
            if position % 16 == 0 { bits = next() }
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            // The digits that say version 4 and the variant.
            let digit = position == 12 ? 4 : position == 16 ? 8 | (bits & 3) : bits & 15
            text.append(digits[Int(digit)])
            bits >>= 4
        }
        return text
    }
}
