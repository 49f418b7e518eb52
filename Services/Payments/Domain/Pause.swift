/// How code outside of any transaction waits. Injected, so that a simulation and the tests wait in their own time.
struct Pause: Sendable {
    private let wait: @Sendable (Duration) async throws -> Void

    init(_ wait: @escaping @Sendable (Duration) async throws -> Void) {
        self.wait = wait
    }

    /// Real time.
    static let system = Pause { try await Task.sleep(for: $0) }

    /// Returns after `duration`.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func callAsFunction(_ duration: Duration) async throws {
        try await wait(duration)
    }
}
