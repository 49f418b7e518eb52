import Contracts
import Foundation

/// How long a provider may take for one answer. What comes later is asked for with a status query.
struct Deadline: Sendable {
    let limit: Duration
    let pause: Pause

    /// How long one performance with up to two calls may last: a call that is cancelled may still wait for its own
    /// database or network, which has a limit of about half a minute.
    var lease: Duration { limit * 2 + .seconds(60) }

    private enum Finish<Verdict: ProviderVerdict>: Sendable {
        case verdict(Verdict)
        case timeIsUp
    }

    /// Calls a provider and turns silence and errors into what they mean for the money.
    /// - Throws: `CancellationError` when the process stops; the job is then performed again.
    func verdict<Verdict: ProviderVerdict>(
        _ call: @escaping @Sendable () async throws -> Verdict
    ) async throws -> Verdict {
        do {
            return try await withThrowingTaskGroup(of: Finish<Verdict>.self) { group in
                group.addTask { .verdict(try await call()) }
                group.addTask {
                    try await pause(limit)
                    return .timeIsUp
                }
                defer { group.cancelAll() }
                guard case .verdict(let verdict)? = try await group.next() else { return .unknown }
                return verdict
            }
        } catch ProviderError.unavailable {
            return .unavailable
        } catch {
            try Task.checkCancellation()
            // Whatever went wrong, the provider may have moved the money.
            return .unknown
        }
    }
}
