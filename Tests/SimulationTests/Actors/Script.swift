/// The coroutine that an actor runs in: its code reads from top to bottom, and runs only when the simulation lets it.
@SimulationActor
final class Script {
    private var driver: CheckedContinuation<Void, Never>?
    private var waiting: CheckedContinuation<Void, Never>?
    private(set) var hasEnded = false

    /// Begins, and returns once the script waits or has ended.
    func begin(_ body: @escaping @SimulationActor () async -> Void) async {
        await withCheckedContinuation { continuation in
            driver = continuation
            // Unstructured, because it goes on while the simulation does other things. Every wait of it ends: at the latest
            // when the simulation lets it go.
            Task {
                await body()
                self.hasEnded = true
                self.yield()
            }
        }
    }

    /// Lets the script go on, and returns once it waits again or has ended.
    func resume() async {
        guard let continuation = waiting else { return }
        waiting = nil
        await withCheckedContinuation {
            driver = $0
            continuation.resume()
        }
    }

    /// Waits, inside of the script, until the simulation lets it go on.
    func park() async {
        await withCheckedContinuation { continuation in
            waiting = continuation
            yield()
        }
    }

    private func yield() {
        let resumed = driver
        driver = nil
        resumed?.resume()
    }
}
