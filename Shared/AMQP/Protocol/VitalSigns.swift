/// What the watchdog knows about a connection, and when it gives the connection up.
struct VitalSigns: Sendable {
    /// How long the broker may be silent.
    var silenceLimit: Duration
    /// How old the oldest unconfirmed message may be.
    var publishLimit: Duration
    /// When bytes last came from the broker.
    var lastReceivedAt: ContinuousClock.Instant
    /// When the library call in progress began, and how long it may take.
    var callInProgress: (startedAt: ContinuousClock.Instant, limit: Duration)?
    /// When the oldest unconfirmed message was published. Unset while the broker blocks publishers.
    var oldestUnconfirmedAt: ContinuousClock.Instant?

    /// Why the connection must be given up at `now`, or `nil` while it is well.
    func failure(at now: ContinuousClock.Instant) -> AMQPError? {
        if let callInProgress, now - callInProgress.startedAt > callInProgress.limit {
            return AMQPError(.watchdog, "a library call took longer than \(callInProgress.limit)")
        }
        if let oldestUnconfirmedAt, now - oldestUnconfirmedAt > publishLimit {
            return AMQPError(.watchdog, "a message was not confirmed within \(publishLimit)")
        }
        if now - lastReceivedAt > silenceLimit {
            return AMQPError(.watchdog, "the broker was silent for longer than \(silenceLimit)")
        }
        return nil
    }
}
