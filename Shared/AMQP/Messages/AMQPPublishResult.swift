/// What became of one published message.
public enum AMQPPublishResult: Sendable {
    /// The broker has it: in every queue that matched, on disk or on a majority as the queue promises.
    case confirmed
    /// The message was mandatory and matched no queue. The broker dropped it.
    case unroutable(replyCode: UInt16, replyText: String)
    /// The broker refused it, for example because a queue is full and rejects publishes.
    case nacked
    /// Nobody knows, or it was never sent (``AMQPError/Code/blocked``, ``AMQPError/Code/connectionFailed``,
    /// ``AMQPError/Code/invalidMessage``). Publishing it again with the same message id is safe if consumers
    /// drop what they have seen.
    case unknown(AMQPError)

    /// Whether the broker has the message.
    public var isConfirmed: Bool {
        if case .confirmed = self { true } else { false }
    }

    /// The result as an error, or `nil` for a confirmed message.
    public var error: AMQPError? {
        switch self {
        case .confirmed: nil
        case .unroutable(let code, let text): AMQPError(.unroutable, text, replyCode: code)
        case .nacked: AMQPError(.nacked, "the broker refused the message")
        case .unknown(let error): error
        }
    }
}
