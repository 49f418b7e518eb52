import Contracts

/// When a mail that the relay did not take is sent again (RFC 5321 section 4.5.4.1: keep trying for days, ever slower).
enum MailSchedule {
    private static let delays: [Duration] = [
        .seconds(5), .seconds(15), .seconds(30), .seconds(60), .seconds(120), .seconds(300), .seconds(600),
        .seconds(1800),
    ]
    private static let longestDelay = Duration.seconds(3600)
    /// How long after what it tells of a mail is still worth sending.
    static let lifetime = Duration.seconds(3 * 86_400)

    /// When to try again after so many failures; nil to give up.
    static func next(afterFailures failures: Int, since occurredAt: Timestamp, at now: Timestamp) -> Timestamp? {
        let delay = delays.indices.contains(failures - 1) ? delays[failures - 1] : longestDelay
        let next = now + delay
        // What was heard of late gets its tries too.
        return next > occurredAt + lifetime && failures >= delays.count ? nil : next
    }
}
