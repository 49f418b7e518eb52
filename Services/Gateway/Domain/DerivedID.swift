import Contracts
import Foundation

extension UUID {
    /// A second version 7 UUID for the same piece of work: the same for every repetition, another one for another
    /// `purpose`.
    ///
    /// A repeated request must give its objects the ids of the first time, but only one id is kept with an idempotency
    /// key.
    func derived(for purpose: String) -> UUID {
        let bytes = withUnsafeBytes(of: uuid) { Array($0) }
        var seed = bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        for byte in purpose.utf8 { seed = Self.mix(seed ^ UInt64(byte)) }
        var generator = Sequence(state: seed ^ (UInt64(bytes[6]) << 8 | UInt64(bytes[7])))
        let milliseconds = bytes[0..<6].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return .version7(at: Timestamp(millisecondsSince1970: milliseconds), using: &generator)
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): a bijection, so distinct ids stay distinct.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = UUID.mix(state)
            return state
        }
    }
}
