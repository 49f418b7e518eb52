/// The pauses between attempts to connect: a random part of a limit that doubles with each attempt ("full jitter"),
/// so that the clients of a restarted broker do not come back in step.
struct ReconnectBackoff {
    /// The limit of the first pause.
    static let initialLimit = Duration.milliseconds(200)

    private let maximum: Duration
    private var attempts = 0

    /// - Parameter maximum: the largest limit.
    init(maximum: Duration) {
        self.maximum = maximum
    }

    /// The limit of the next pause.
    var limit: Duration {
        // Past 2^16 times the first limit only the maximum matters, and the multiplication cannot overflow.
        min(maximum, Self.initialLimit * (1 << min(attempts, 16)))
    }

    /// The next pause: uniform between zero and the limit.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = limit * Double.random(in: 0...1, using: &generator)
        attempts += 1
        return pause
    }

    /// Starts over after a connection that worked.
    mutating func reset() {
        attempts = 0
    }
}
