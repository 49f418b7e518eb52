/// A message to publish.
public struct AMQPMessage: Sendable, Equatable {
    /// The exchange; the empty name is the default exchange, which routes to the queue named by `routingKey`.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// Whether a message that matches no queue is reported as unroutable instead of being dropped in silence.
    public var mandatory: Bool
    /// The properties.
    public var properties: AMQPProperties
    /// The body.
    public var body: [UInt8]

    /// Creates a message, which is mandatory unless the caller says otherwise.
    public init(
        exchange: String = "", routingKey: String, mandatory: Bool = true,
        properties: AMQPProperties = AMQPProperties(), body: [UInt8]
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.mandatory = mandatory
        self.properties = properties
        self.body = body
    }

    /// Refuses what the library would refuse only after half of the message is on the wire.
    ///
    /// - Parameter frameMaximum: the negotiated size of a frame in bytes, its 8 bytes of framing included.
    func validate(frameMaximum: Int) throws(AMQPError) {
        guard exchange.utf8.count <= 127, routingKey.utf8.count <= 255 else {
            throw AMQPError(.invalidMessage, "the exchange has over 127 bytes, or the routing key over 255")
        }
        guard properties.fitsLengthLimits else {
            throw AMQPError(.invalidMessage, "a property has over 255 bytes, or a header's name over 128")
        }
        guard properties.encodedSize <= frameMaximum - 8 else {
            throw AMQPError(
                .invalidMessage, "the properties take \(properties.encodedSize) bytes, and a frame has \(frameMaximum)")
        }
    }
}
