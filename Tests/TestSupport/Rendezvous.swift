import Foundation

/// Lets a synchronous body inside a transaction and an asynchronous test wait for each other's signals.
public final class Rendezvous: Sendable {
    /// What has been reached.
    public enum Signal: Sendable, Hashable, CaseIterable {
        /// The other side holds its lock.
        case locked
        /// This side is done.
        case swept
    }

    private let semaphores: [Signal: DispatchSemaphore]

    public init() {
        semaphores = Dictionary(uniqueKeysWithValues: Signal.allCases.map { ($0, DispatchSemaphore(value: 0)) })
    }

    public func open(_ signal: Signal) {
        semaphores[signal]?.signal()
    }

    /// Blocks the calling thread: only for bodies that run on a connection's own queue.
    public func wait(for signal: Signal) {
        semaphores[signal]?.wait()
    }

    /// Waits without blocking a thread of the test.
    public func passed(_ signal: Signal) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.wait(for: signal)
                continuation.resume()
            }
        }
    }
}
