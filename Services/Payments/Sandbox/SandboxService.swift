import ServiceLifecycle

/// Runs the sandbox's notifications for as long as the process lives. Its connections stay open longer, because the
/// calls that are under way when the process stops are still finished.
struct SandboxService: Service {
    let notifier: SandboxNotifier

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await notifier.run()
            }
        } catch is CancellationError {
            // Being told to stop is how this ends: it must not look like a failure to the other services.
        }
    }
}
