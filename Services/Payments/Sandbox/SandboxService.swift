import ServiceLifecycle

/// Runs the sandbox's notifications for as long as the process lives. Its connections stay open longer, because the
/// calls that are under way when the process stops are still finished.
struct SandboxService: Service {
    let notifier: SandboxNotifier

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await notifier.run()
        }
    }
}
