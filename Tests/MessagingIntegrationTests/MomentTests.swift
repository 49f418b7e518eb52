import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

/// Time, ids and randomness from one source.
@Suite("Moment")
struct MomentTests {
    /// A source whose run can be made again.
    private func source(seed: UInt64) -> MomentSource {
        let state = Mutex(seed)
        return MomentSource(
            clock: { Timestamp(millisecondsSince1970: 1_795_000_000_123) },
            random: {
                // SplitMix64.
                state.withLock { state in
                    state &+= 0x9E37_79B9_7F4A_7C15
                    var mixed = state
                    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
                    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
                    return mixed ^ (mixed >> 31)
                }
            })
    }

    @Test("The same source makes the same ids, bytes and choices again")
    func replay() {
        func run(_ seed: UInt64) -> [String] {
            let moment = source(seed: seed).moment()
            return [
                "\(moment.makeUUID())", "\(moment.makeID(OrderID.self))", "\(moment.randomBytes(20))",
                "\(String(describing: moment.randomElement(of: 0..<1_000_000)))",
            ]
        }
        #expect(run(1) == run(1))
        #expect(zip(run(1), run(2)).allSatisfy { $0 != $1 })
    }

    @Test("Ids are version 7 UUIDs of the moment, all different")
    func ids() {
        let moment = source(seed: 3).moment()
        let ids = (0..<1000).map { _ in moment.makeUUID() }
        #expect(Set(ids).count == 1000)
        let milliseconds = String(Int64(1_795_000_000_123), radix: 16)
        for id in ids {
            let digits = id.uuidString.lowercased().replacing("-", with: "")
            #expect(digits.hasPrefix("0\(milliseconds)7"))
            #expect("89ab".contains(digits[digits.index(digits.startIndex, offsetBy: 16)]))
        }
    }

    @Test("Nothing is chosen out of nothing")
    func emptyChoice() {
        #expect(source(seed: 4).moment().randomElement(of: [Int]()) == nil)
    }
}
