/// Time as the supervisor sees it.
struct SupervisorTiming: Sendable {
    /// How long ago a fixed moment is.
    var elapsed: @Sendable () -> Duration
    /// Throws when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void

    /// The machine's.
    static let system: SupervisorTiming = {
        let start = ContinuousClock.now
        return SupervisorTiming(
            elapsed: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) })
    }()
}
