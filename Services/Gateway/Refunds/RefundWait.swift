import Contracts
import Foundation
import ServiceLifecycle

/// Waits until a refund has ended, for `Prefer: wait`. Refunds are few, so that asking is enough: unlike the changes of
/// checkouts, theirs are not broadcast.
struct RefundWait: Sendable {
    let calls: any ServiceCalls
    /// How often to ask.
    var pollInterval = Duration.milliseconds(250)

    /// - Parameters:
    ///   - begun: the refund as it was when the wait begins.
    ///   - seconds: how long to wait; nil or 0 for not at all.
    /// - Returns: the refund as it was last seen, ended or not.
    func follow(_ begun: RefundDetails, for call: Call, seconds: Int?) async -> RefundDetails {
        guard let seconds, seconds > 0 else { return begun }
        let deadline = ContinuousClock.now + .seconds(seconds)
        return await cancelWhenGracefulShutdown {
            var latest = begun
            while !latest.state.isFinal, !Task.isCancelled, ContinuousClock.now < deadline {
                // Cancellation ends the loop.
                try? await Task.sleep(until: min(ContinuousClock.now + pollInterval, deadline), clock: .continuous)
                // What is not answered now may be the next time; the wait has an end of its own.
                guard let seen = try? await ask(latest.id, for: call) else { continue }
                if seen.version >= latest.version { latest = seen }
            }
            return latest
        }
    }

    private func ask(_ id: RefundID, for call: Call) async throws -> RefundDetails {
        try await calls.ask(GetRefund(refundID: id), for: call, correlationID: id.rawValue)
    }
}
