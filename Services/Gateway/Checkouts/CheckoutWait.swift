import Contracts
import Foundation
import ServiceLifecycle

/// Waits until a checkout has settled (API, "Checkout states"), for `Prefer: wait`.
struct CheckoutWait: Sendable {
    let watch: CheckoutWatch
    let calls: any ServiceCalls
    let rounds = WaitingRounds()
    /// How often to ask, for the case that a change was not heard.
    var pollInterval = Duration.seconds(1)
    /// While changes are being heard, only every so many times: in a rush, when all is slow, asking would make it slower.
    private let roundsWithNews = 5

    /// Begins something with a checkout and follows it.
    /// - Parameters:
    ///   - seconds: how long to wait; nil or 0 for not at all.
    ///   - begin: sets the checkout going, and gives it as it stands then.
    /// - Returns: the checkout as it was last seen, settled or not.
    /// - Throws: what `begin` throws.
    func follow(
        _ checkoutID: CheckoutID, for call: Call, seconds: Int?, _ begin: () async throws -> CheckoutDetails
    ) async throws -> CheckoutDetails {
        let hearing = CheckoutHearing()
        // Before anything happens, so that nothing that happens is missed.
        let token = watch.watch(checkoutID, of: try call.organizationID, for: .settled) { hearing.hear($0) }
        defer { watch.end(token) }
        let begun = try await begin()
        guard let seconds, seconds > 0, !begun.state.isSettled else { return begun }
        hearing.begin(with: begun)
        let round = rounds.join(until: .now + .seconds(seconds), every: pollInterval) { count in
            guard count % roundsWithNews == 0 || !watch.hasNews(within: pollInterval) else { return }
            await poll(checkoutID, for: call, hearing)
        } ended: {
            hearing.end()
        }
        defer { rounds.leave(round) }
        return await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await hearing.outcome() ?? begun
            } onCancel: {
                hearing.end()
            }
        } onGracefulShutdown: {
            hearing.end()
        }
    }

    private func poll(_ checkoutID: CheckoutID, for call: Call, _ hearing: CheckoutHearing) async {
        // What is not answered now may be the next time; the wait has an end of its own.
        let checkout = try? await calls.ask(
            GetCheckout(checkoutID: checkoutID), for: call, correlationID: checkoutID.rawValue)
        if let checkout { hearing.hear(checkout) }
    }
}
