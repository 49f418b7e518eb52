import Contracts
import Foundation

@testable import Messaging
@testable import Payments

/// The performance that the running task belongs to.
enum CurrentPerformance {
    @TaskLocal static var value: Performance?
}

/// A job that a process is performing. It runs until it waits for time to pass or has ended; then the simulation goes on.
@SimulationActor
final class Performance {
    private struct Sleeper {
        let id: UInt64
        let wakesAt: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let time: VirtualTime
    private var task: Task<Void, Never>?
    private var sleepers: [Sleeper] = []
    private var cancelled: Set<UInt64> = []
    private var lastID: UInt64 = 0
    private var driver: CheckedContinuation<Void, Never>?
    private(set) var hasEnded = false

    init(time: VirtualTime) {
        self.time = time
    }

    /// How Payments waits in a simulation. A call to a provider always waits beside its deadline, so that two sleepers mean
    /// that nothing moves before time does.
    nonisolated static let pause = Pause { duration in
        guard let performance = CurrentPerformance.value else { return }
        try await performance.sleep(duration)
    }

    /// Waits beside nothing else: nothing moves before time does.
    nonisolated static func rest(_ duration: Duration) async throws {
        try await CurrentPerformance.value?.sleep(duration, beside: 0)
    }

    /// When the earliest sleeper wakes.
    var wakesAt: Timestamp? { sleepers.map(\.wakesAt).min() }

    /// Begins, and returns once the performance rests or has ended.
    func begin(_ body: @escaping @Sendable () async -> Void) async {
        await drive {
            // Unstructured, because it goes on while the simulation does other things; it ends by itself or is abandoned.
            task = CurrentPerformance.$value.withValue(self) {
                Task {
                    await body()
                    self.end()
                }
            }
        }
    }

    /// Wakes the earliest sleeper, and returns once the performance rests again or has ended.
    func wake() async {
        guard let index = sleepers.indices.min(by: { sleepers[$0].wakesAt < sleepers[$1].wakesAt }) else { return }
        let sleeper = sleepers.remove(at: index)
        await drive { sleeper.continuation.resume() }
    }

    /// Ends a performance whose process has died. What it did outside is done.
    func abandon() async {
        guard !hasEnded else { return }
        await drive { task?.cancel() }
    }

    private func drive(_ step: () -> Void) async {
        await withCheckedContinuation { continuation in
            driver = continuation
            step()
        }
    }

    private func yield() {
        let waiting = driver
        driver = nil
        waiting?.resume()
    }

    private func end() {
        hasEnded = true
        yield()
    }

    /// - Parameter others: how many other sleepers there are when nothing moves before time does.
    private func sleep(_ duration: Duration, beside others: Int = 1) async throws {
        lastID += 1
        let id = lastID
        let wakesAt = time.now + duration
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled || cancelled.remove(id) != nil {
                    continuation.resume(throwing: CancellationError())
                    return
                }
                sleepers.append(Sleeper(id: id, wakesAt: wakesAt, continuation: continuation))
                if sleepers.count == others + 1 { yield() }
            }
        } onCancel: {
            // Unstructured, because a cancellation handler cannot wait; the sleeper that it wakes is waited for.
            Task { await self.cancel(id) }
        }
    }

    private func cancel(_ id: UInt64) {
        guard let index = sleepers.firstIndex(where: { $0.id == id }) else {
            cancelled.insert(id)
            return
        }
        sleepers.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
