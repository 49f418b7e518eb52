/// The properties of a message (AMQP 0-9-1, class `basic`). The broker carries them and interprets only
/// `deliveryMode`, `expiration`, `priority`, `replyTo` and some headers.
public struct AMQPProperties: Sendable, Equatable {
    /// The application's id of the message.
    public var messageID: String?
    /// The name of the message's type.
    public var type: String?
    /// When the message was made, as POSIX time in whole seconds.
    public var timestamp: Int64?
    /// The id that ties an answer to its question, or a message to its conversation.
    public var correlationID: String?
    /// The queue that answers go to.
    public var replyTo: String?
    /// The application that made the message.
    public var appID: String?
    /// The media type of the body.
    public var contentType: String?
    /// The encoding of the body, such as `gzip`.
    public var contentEncoding: String?
    /// The time to live in milliseconds, in decimal digits.
    public var expiration: String?
    /// Whether the message survives a restart of the broker.
    public var deliveryMode: AMQPDeliveryMode = .persistent
    /// The priority, which only classic priority queues look at.
    public var priority: UInt8?
    /// Further fields.
    public var headers: [String: AMQPFieldValue] = [:]

    /// Creates properties of a persistent message; set the others on the value.
    public init(
        messageID: String? = nil, type: String? = nil, timestamp: Int64? = nil, correlationID: String? = nil,
        replyTo: String? = nil, appID: String? = nil, contentType: String? = nil,
        deliveryMode: AMQPDeliveryMode = .persistent, headers: [String: AMQPFieldValue] = [:]
    ) {
        self.messageID = messageID
        self.type = type
        self.timestamp = timestamp
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.appID = appID
        self.contentType = contentType
        self.deliveryMode = deliveryMode
        self.headers = headers
    }

    /// The properties that the wire carries as short strings.
    private var shortStrings: [String?] {
        [messageID, type, correlationID, replyTo, appID, contentType, contentEncoding, expiration]
    }

    /// The bytes of the header frame's payload at most. Unlike a body, a header cannot be split over frames.
    var encodedSize: Int {
        // Class, weight, body size, flags; then delivery mode, priority and timestamp.
        let fixed = 2 + 2 + 8 + 2 + 1 + 1 + 8
        return shortStrings.reduce(fixed + headers.encodedTableSize) { $0 + 1 + ($1?.utf8.count ?? 0) }
    }

    /// Whether every short string has at most the 255 bytes, and every header key the 128 bytes, that fit.
    var fitsLengthLimits: Bool {
        shortStrings.allSatisfy { ($0?.utf8.count ?? 0) <= 255 } && headers.longestKeySize <= 128
    }
}
