import Dispatch

/// Lets a transaction's synchronous body tell the test that it has come somewhere, and wait there. It blocks a thread of the
/// connection's queue, never one of the concurrency pool.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// In the body: tells that it is here and waits for ``open()``.
    func pass() {
        arrival.yield()
        semaphore.wait()
    }

    /// In the test: waits until a body is at the gate.
    func arrived() async {
        for await _ in arrivals { return }
    }

    /// In the test: lets one body go on.
    func open() {
        semaphore.signal()
    }
}
