import Contracts
import Messaging
import Synchronization

/// The time, the ids and the randomness that services get in a simulation. Read on the connections' own queues, moved by
/// the simulation alone.
final class VirtualTime: Sendable {
    private struct State {
        var now: Timestamp
        var random: SeededGenerator
    }

    /// When every run begins: in the past of any real clock, so that what the checks call overdue by the server's clock
    /// is whatever is left at all.
    static let beginning = Timestamp(millisecondsSince1970: 1_700_000_000_000)

    private let state: Mutex<State>

    init(random: SeededGenerator) {
        state = Mutex(State(now: Self.beginning, random: random))
    }

    var now: Timestamp { state.withLock { $0.now } }

    func advance(to time: Timestamp) {
        state.withLock { $0.now = max($0.now, time) }
    }

    var moments: MomentSource {
        MomentSource(
            clock: { [self] in now },
            random: { [self] in state.withLock { $0.random.next() } })
    }
}
