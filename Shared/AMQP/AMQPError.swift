import CRabbitMQ

/// What went wrong between this process and the broker.
///
/// The description never holds credentials or message bodies.
public struct AMQPError: Error, Sendable, CustomStringConvertible {
    /// The kind of an ``AMQPError``. The set is open: callers that switch over it need a default case.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable name, used in logs and metrics.
        public let description: String

        init(_ description: String) {
            self.description = description
        }

        /// No connection could be made: name resolution, TCP, TLS or the AMQP handshake failed.
        public static let connectionFailed = Code("connection-failed")
        /// An open connection ended: the socket closed, or the broker sent `connection.close` (see `replyCode`).
        public static let connectionClosed = Code("connection-closed")
        /// The broker closed the channel with the reply code in `replyCode` (AMQP 0-9-1, section 1.3).
        public static let channelClosed = Code("channel-closed")
        /// The broker refused the credentials or the virtual host (reply codes 403 and 530 while opening).
        public static let accessRefused = Code("access-refused")
        /// The answer did not come in time. The operation may still have happened.
        public static let timedOut = Code("timed-out")
        /// A mandatory message matched no queue (`basic.return`).
        public static let unroutable = Code("unroutable")
        /// The broker answered `basic.nack`.
        public static let nacked = Code("nacked")
        /// The broker blocks publishers, because its memory or disk alarm is raised (`connection.blocked`).
        public static let blocked = Code("blocked")
        /// The broker cancelled a consumer (`basic.cancel`), because its queue was deleted or lost its leader.
        public static let consumerCancelled = Code("consumer-cancelled")
        /// The watchdog shut the socket down, because the broker stopped answering.
        public static let watchdog = Code("watchdog")
        /// The peer sent something that AMQP 0-9-1 does not allow in that place.
        public static let protocolViolation = Code("protocol-violation")
        /// The message cannot be encoded: a short string over 255 bytes, or headers larger than one frame.
        public static let invalidMessage = Code("invalid-message")
        /// The configuration or the URL is wrong.
        public static let invalidConfiguration = Code("invalid-configuration")
        /// The object was stopped by its owner.
        public static let stopped = Code("stopped")
    }

    /// The kind of failure.
    public let code: Code
    /// Whether the same operation may succeed later without a change by a human.
    public let isRetriable: Bool
    /// What happened, for a log line.
    public let message: String
    /// The AMQP reply code that the broker gave, or `nil`.
    public let replyCode: UInt16?
    /// The source file (`module/file`) that raised the error.
    public let file: String
    /// The line in ``file``.
    public let line: UInt

    init(
        _ code: Code, _ message: String, replyCode: UInt16? = nil, isRetriable: Bool? = nil, file: String = #fileID,
        line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.replyCode = replyCode
        self.isRetriable = isRetriable ?? Self.isRetriable(code, replyCode: replyCode)
        self.file = file
        self.line = line
    }

    public var description: String {
        let reply = replyCode.map { " (\($0))" } ?? ""
        return "\(code)\(reply): \(message) [\(file):\(line)]"
    }

    /// Codes and replies that only a changed configuration, topology or message cures.
    private static func isRetriable(_ code: Code, replyCode: UInt16?) -> Bool {
        switch code {
        case .accessRefused, .invalidMessage, .invalidConfiguration, .stopped:
            return false
        default:
            return replyCode.map { !permanentReplyCodes.contains(Int32($0)) } ?? true
        }
    }

    /// Reply codes of AMQP 0-9-1 (section 1.8) that the same attempt gets again.
    private static let permanentReplyCodes: Set<Int32> = [
        AMQP_ACCESS_REFUSED, AMQP_PRECONDITION_FAILED, AMQP_COMMAND_INVALID, AMQP_NOT_ALLOWED, AMQP_NOT_IMPLEMENTED,
    ]
}
