/// Whether a message survives a restart of the broker (AMQP 0-9-1, `delivery-mode`).
public enum AMQPDeliveryMode: UInt8, Sendable, Equatable {
    /// The message may live in memory only.
    case transient = 1
    /// A durable queue writes the message to disk before it is confirmed.
    case persistent = 2
}
