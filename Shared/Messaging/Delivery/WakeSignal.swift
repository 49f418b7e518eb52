/// Wakes the one loop that waits for something to do. However often it is woken before it looks, it looks once.
struct WakeSignal: Sendable {
    private let wakes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func wake() {
        continuation.yield()
    }

    /// Waits until woken.
    /// - Returns: false when the task is cancelled.
    func wait() async -> Bool {
        var iterator = wakes.makeAsyncIterator()
        return await iterator.next() != nil
    }
}
