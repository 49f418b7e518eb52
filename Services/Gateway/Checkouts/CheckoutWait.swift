import Contracts
import Foundation
import ServiceLifecycle

/// Waits until a checkout has settled (API, "Checkout states"), for `Prefer: wait`.
struct CheckoutWait: Sendable {
    let watch: CheckoutWatch
    let calls: any ServiceCalls
    /// How often to ask, for the case that a change was not heard.
    var pollInterval = Duration.seconds(1)

    /// Begins something with a checkout and follows it.
    /// - Parameters:
    ///   - seconds: how long to wait; nil or 0 for not at all.
    ///   - begin: sets the checkout going, and gives it as it stands then.
    /// - Returns: the checkout as it was last seen, settled or not.
    /// - Throws: what `begin` throws.
    func follow(
        _ checkoutID: CheckoutID, for call: Call, seconds: Int?, _ begin: () async throws -> CheckoutDetails
    ) async throws -> CheckoutDetails {
        let (changes, continuation) = AsyncStream.makeStream(
            of: CheckoutDetails.self, bufferingPolicy: .bufferingNewest(32))
        // Before anything happens, so that nothing that happens is missed.
        let token = watch.watch(checkoutID, of: try call.organizationID) { continuation.yield($0) }
        defer {
            watch.end(token)
            continuation.finish()
        }
        let begun = try await begin()
        guard let seconds, seconds > 0, !begun.state.isSettled else { return begun }
        return await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Cancelled when the wait is over.
                    try? await Task.sleep(for: .seconds(seconds))
                    continuation.finish()
                }
                group.addTask { await poll(checkoutID, for: call, continuation) }
                var latest = begun
                for await checkout in changes where checkout.version >= latest.version {
                    latest = checkout
                    if checkout.state.isSettled { break }
                }
                group.cancelAll()
                return latest
            }
        } onGracefulShutdown: {
            continuation.finish()
        }
    }

    private func poll(
        _ checkoutID: CheckoutID, for call: Call, _ continuation: AsyncStream<CheckoutDetails>.Continuation
    ) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: pollInterval)
                continuation.yield(
                    try await calls.ask(
                        GetCheckout(checkoutID: checkoutID), for: call, correlationID: checkoutID.rawValue))
            } catch is CancellationError {
                return
            } catch {
                // The next one may be answered; the wait has an end of its own.
                continue
            }
        }
    }
}
