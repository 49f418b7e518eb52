import Contracts

/// When a delivery that failed is tried again: the example schedule of Standard Webhooks 1.0 ("Delivery attempts and
/// retries"), ten attempts within some 76 hours.
struct WebhookSchedule: Sendable, Equatable {
    /// How long to wait before each attempt; the first one is made at once.
    let delays: [Duration]
    /// The most that jitter adds to or takes from a delay, in thousandths, so that the retries of an outage spread out.
    let jitterPerMille: Int

    static let standard = WebhookSchedule(
        delays: [
            .zero, .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
            .seconds(50_400), .seconds(72_000), .seconds(86_400),
        ], jitterPerMille: 200)

    /// What jitter may be given to ``delay(beforeAttempt:jitter:retryAfter:)``.
    var jitters: ClosedRange<Int> { -jitterPerMille...jitterPerMille }

    /// How long to wait before an attempt.
    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: one of ``jitters``.
    ///   - retryAfter: how long the endpoint asked to be left alone. It can double the delay at most.
    /// - Returns: nil when there is no such attempt: the schedule is exhausted.
    func delay(beforeAttempt attempt: Int, jitter: Int, retryAfter: Duration? = nil) -> Duration? {
        guard delays.indices.contains(attempt - 1) else { return nil }
        let delay = delays[attempt - 1]
        let wanted = min(max(delay, retryAfter ?? .zero), delay * 2)
        let jittered = wanted * (1000 + jitter) / 1000
        // An endpoint that says when to come back is not asked earlier.
        return retryAfter == nil ? jittered : max(jittered, wanted)
    }
}
