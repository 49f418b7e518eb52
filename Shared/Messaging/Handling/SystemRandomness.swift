import Foundation
import Synchronization

/// The system's random numbers, of cryptographic quality, fetched many at a time: each request and each message needs
/// several, and a system call for each costs more than all the rest of making an id.
final class SystemRandomness: Sendable {
    static let shared = SystemRandomness()

    private static let count = 256

    private struct State {
        var numbers = [UInt64](repeating: 0, count: SystemRandomness.count)
        var used = SystemRandomness.count
    }

    private let state = Mutex(State())

    /// A number that was given to nobody before.
    func next() -> UInt64 {
        state.withLock { state in
            if state.used == Self.count {
                state.numbers.withUnsafeMutableBytes { bytes in
                    if let address = bytes.baseAddress { arc4random_buf(address, bytes.count) }
                }
                state.used = 0
            }
            defer {
                // What was given out is a secret of whoever has it.
                state.numbers[state.used] = 0
                state.used += 1
            }
            return state.numbers[state.used]
        }
    }
}
