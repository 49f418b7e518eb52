/// How long work that can wait gives way to others, told by the scheduler's own account: while this process waits for a
/// processor for several times as long as it gets one, others have more urgent use for it.
///
/// A rest that changes nothing is followed by a longer one.
struct GivingWay: Sendable {
    /// What a process has had since its beginning, all threads together.
    struct Account: Sendable, Equatable {
        /// Time on a processor.
        var ran: Duration
        /// Time in which a thread could have run and had no processor.
        var waited: Duration
    }

    /// How long the account is watched for one judgement.
    static let window = Duration.milliseconds(200)
    static let shortestRest = Duration.milliseconds(250)
    static let longestRest = Duration.seconds(2)
    /// From so many times as long waiting as running on, the process is starved. A process that is alone with more threads
    /// than processors stays well below.
    private static let starvation = 4
    /// Less waiting than this says nothing.
    private static let noise = Duration.milliseconds(50)

    private var begin: (at: Duration, account: Account)?
    private var restsUntil = Duration.zero
    private var rest = Duration.zero

    /// - Parameters:
    ///   - now: a monotonic clock's reading.
    ///   - account: reads the account; nil where the system keeps none, and then nothing ever rests.
    /// - Returns: how long to rest before the next piece of work; zero to begin it.
    mutating func pause(at now: Duration, _ account: () -> Account?) -> Duration {
        guard now >= restsUntil else { return restsUntil - now }
        if let begin, now - begin.at < Self.window { return .zero }
        guard let account = account() else { return .zero }
        defer { begin = (now, account) }
        guard let before = begin?.account else { return .zero }
        let waited = account.waited - before.waited
        guard waited >= Self.noise, waited > (account.ran - before.ran) * Self.starvation else {
            rest = .zero
            return .zero
        }
        rest = min(max(rest * 2, Self.shortestRest), Self.longestRest)
        restsUntil = now + rest
        return rest
    }
}
