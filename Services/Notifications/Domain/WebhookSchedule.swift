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

    /// How long a wait an endpoint may ask for at any point of the schedule.
    static let longestWish = Duration.seconds(3600)
    /// The least wait after an answer that came too late or told of too many requests.
    static let overloadedDelay = Duration.seconds(60)

    /// What jitter may be given to ``delay(beforeAttempt:jitter:retryAfter:isOverloaded:)``.
    var jitters: ClosedRange<Int> { -jitterPerMille...jitterPerMille }

    /// How long to wait before an attempt.
    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: one of ``jitters``.
    ///   - retryAfter: how long the endpoint asked to be left alone. It never shortens a delay, and lengthens it to an
    ///     hour or to twice itself at most.
    ///   - isOverloaded: whether the endpoint showed that it gets too much.
    /// - Returns: nil when there is no such attempt: the schedule is exhausted.
    func delay(
        beforeAttempt attempt: Int, jitter: Int, retryAfter: Duration? = nil, isOverloaded: Bool = false
    ) -> Duration? {
        guard delays.indices.contains(attempt - 1) else { return nil }
        let delay = delays[attempt - 1]
        let wish = min(retryAfter ?? .zero, max(Self.longestWish, delay * 2))
        let least = max(wish, isOverloaded ? Self.overloadedDelay : .zero)
        let wanted = max(delay, least)
        // Jitter makes nobody come earlier than the endpoint said.
        return max(wanted * (1000 + jitter) / 1000, min(least, wanted))
    }
}
