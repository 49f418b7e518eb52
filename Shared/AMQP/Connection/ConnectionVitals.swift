import Foundation
import Synchronization

/// The part of a connection that the watchdog may touch from its own thread: its vital signs, and a duplicate of its
/// socket to shut down.
///
/// The duplicate makes shutting down safe at any moment: the library closes its own descriptor whenever it meets an
/// error, and the system may give that number to another file at once.
final class ConnectionVitals: Sendable {
    private struct State {
        var signs: VitalSigns
        var descriptor: Int32?
        var intervention: AMQPError?
    }

    private let state: Mutex<State>

    init(silenceLimit: Duration, publishLimit: Duration) {
        let signs = VitalSigns(silenceLimit: silenceLimit, publishLimit: publishLimit, lastReceivedAt: .now)
        state = Mutex(State(signs: signs))
    }

    /// Why the watchdog shut the socket down, or `nil` if it did not.
    var intervention: AMQPError? {
        state.withLock { $0.intervention }
    }

    /// The duplicate of the socket, or `nil` before it was handed over and after it was taken back.
    var descriptor: Int32? {
        state.withLock { $0.descriptor }
    }

    /// Hands the duplicate of the socket over.
    func attach(descriptor: Int32) {
        state.withLock { state in
            state.descriptor = descriptor
            state.signs.lastReceivedAt = .now
        }
    }

    /// Shuts the socket down and takes the duplicate back, which the caller then closes.
    func detach() -> Int32? {
        state.withLock { state in
            if let descriptor = state.descriptor {
                _ = shutdown(descriptor, Int32(SHUT_RDWR))
            }
            defer { state.descriptor = nil }
            return state.descriptor
        }
    }

    /// Changes the limit of silence to what was negotiated.
    func setSilenceLimit(_ limit: Duration) {
        state.withLock { $0.signs.silenceLimit = limit }
    }

    /// A library call begins.
    func callBegan(limit: Duration) {
        state.withLock { $0.signs.callInProgress = (.now, limit) }
    }

    /// The library call ended.
    func callEnded() {
        state.withLock { $0.signs.callInProgress = nil }
    }

    /// Bytes came from the broker.
    func received() {
        state.withLock { $0.signs.lastReceivedAt = .now }
    }

    /// The oldest unconfirmed message is another one now.
    func setOldestUnconfirmed(_ publishedAt: ContinuousClock.Instant?) {
        state.withLock { $0.signs.oldestUnconfirmedAt = publishedAt }
    }

    /// Shuts the socket down if the connection must be given up. Every blocked call on it then returns with an error.
    func examine(at now: ContinuousClock.Instant) -> AMQPError? {
        state.withLock { state in
            guard state.intervention == nil, let descriptor = state.descriptor,
                let failure = state.signs.failure(at: now)
            else {
                return nil
            }
            _ = shutdown(descriptor, Int32(SHUT_RDWR))
            state.intervention = failure
            return failure
        }
    }
}
