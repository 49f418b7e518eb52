/// Puts the frames of a message together: a method, a header, and as many body frames as the header's size asks for
/// (AMQP 0-9-1, section 4.2.6). One assembler serves one channel, on which contents never interleave.
struct ContentAssembler {
    /// The method that announces a content, with its fields.
    enum Method: Sendable, Equatable {
        case deliver(
            consumerTag: String, deliveryTag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
        case got(deliveryTag: UInt64, redelivered: Bool, exchange: String, routingKey: String, remaining: Int)
        case returned(replyCode: UInt16, replyText: String, exchange: String, routingKey: String)
    }

    /// A method with its whole content.
    struct Content: Sendable, Equatable {
        let method: Method
        let properties: AMQPProperties
        let body: [UInt8]
    }

    /// The largest body in bytes that is taken: the default `max_message_size` of RabbitMQ 3.10.
    static let maximumBodySize: UInt64 = 134_217_728

    private enum State {
        case idle
        case awaitingHeader(Method)
        case awaitingBody(Method, AMQPProperties, size: Int)
    }

    private var state = State.idle
    private var body: [UInt8] = []

    /// Whether a content has begun and is not complete.
    var isAssembling: Bool {
        if case .idle = state { false } else { true }
    }

    /// Takes a method that announces a content.
    mutating func begin(_ method: Method) throws(AMQPError) {
        guard case .idle = state else {
            throw AMQPError(.protocolViolation, "a method came in the middle of a content")
        }
        state = .awaitingHeader(method)
    }

    /// Takes a header frame, and returns the content if it has no body.
    mutating func takeHeader(properties: AMQPProperties, bodySize: UInt64) throws(AMQPError) -> Content? {
        guard case .awaitingHeader(let method) = state else {
            throw AMQPError(.protocolViolation, "a header frame came without its method")
        }
        guard bodySize <= Self.maximumBodySize else {
            throw AMQPError(.protocolViolation, "a content of \(bodySize) bytes is larger than the broker allows")
        }
        guard bodySize > 0 else {
            state = .idle
            return Content(method: method, properties: properties, body: [])
        }
        body.reserveCapacity(Int(bodySize))
        state = .awaitingBody(method, properties, size: Int(bodySize))
        return nil
    }

    /// Takes a body frame, and returns the content if this was its last one.
    mutating func takeBody(_ fragment: UnsafeRawBufferPointer) throws(AMQPError) -> Content? {
        guard case .awaitingBody(let method, let properties, let size) = state else {
            throw AMQPError(.protocolViolation, "a body frame came without its header")
        }
        guard body.count + fragment.count <= size else {
            throw AMQPError(.protocolViolation, "a content has more bytes than the \(size) that were announced")
        }
        body.append(contentsOf: fragment)
        guard body.count == size else {
            return nil
        }
        let content = Content(method: method, properties: properties, body: body)
        body = []
        state = .idle
        return content
    }
}
