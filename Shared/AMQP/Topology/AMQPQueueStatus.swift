/// What the broker tells about a queue in answer to a passive declaration.
public struct AMQPQueueStatus: Sendable, Equatable {
    /// The messages that are ready for delivery; those that consumers hold do not count.
    public let messageCount: Int
    /// The active consumers.
    public let consumerCount: Int
}
