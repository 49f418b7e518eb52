import AMQP
import Contracts
import Foundation

/// Committed messages for the same queues: one row of the outbox, and one AMQP message. Most carry several messages, as a
/// ``MessageBundle``; a message that is alone travels as itself.
public struct OutboundBundle: Sendable, Equatable {
    /// At least one, in the order in which they were caused, all for one exchange and routing key.
    public let messages: [WireMessage]
    /// What stands beside the body: the only message's envelope, or one whose type says that the body is a bundle.
    let envelope: Envelope
    /// As it is stored and sent.
    let body: [UInt8]

    /// The first message's id, which is in no other bundle.
    public var id: UUID { envelope.id }
    var exchange: String { messages[0].exchange }
    var routingKey: String { messages[0].routingKey }

    init(_ message: WireMessage) {
        self.init([message])
    }

    /// - Precondition: `messages` are not empty, and have the same exchange and routing key.
    init(_ messages: [WireMessage]) {
        self.init(messages) { MessageBundle.body(carrying: messages) }
    }

    /// What several bundles of one exchange and routing key carry, as one.
    init(joining bundles: [OutboundBundle]) {
        self.init(bundles.flatMap(\.messages)) {
            bundles.flatMap { $0.messages.count > 1 ? $0.body : MessageBundle.body(carrying: $0.messages) }
        }
    }

    private init(_ messages: [WireMessage], together: () -> [UInt8]) {
        let first = messages[0]
        self.messages = messages
        guard messages.count > 1 else {
            envelope = first.envelope
            body = first.body
            return
        }
        envelope = Envelope(
            id: first.envelope.id, type: MessageBundle.type, occurredAt: first.envelope.occurredAt,
            appID: first.envelope.appID)
        body = together()
    }

    /// What a row of the outbox holds.
    /// - Throws: ``MessagingError/malformedEnvelope(_:)`` for a body that is not what the envelope says.
    init(exchange: String, routingKey: String, envelope: Envelope, body: [UInt8]) throws {
        func message(_ envelope: Envelope, _ body: [UInt8]) -> WireMessage {
            WireMessage(exchange: exchange, routingKey: routingKey, envelope: envelope, body: body)
        }
        messages =
            envelope.type == MessageBundle.type
            ? try MessageBundle.messages(in: body).map { message($0.envelope, $0.body) } : [message(envelope, body)]
        self.envelope = envelope
        self.body = body
    }

    var amqpMessage: AMQPMessage {
        guard envelope.type == MessageBundle.type else { return EnvelopeCodec.message(messages[0]) }
        return AMQPMessage(
            exchange: exchange, routingKey: routingKey,
            properties: AMQPProperties(
                messageID: envelope.id.lowercaseText, type: envelope.type,
                timestamp: envelope.occurredAt.millisecondsSince1970 / 1000, appID: envelope.appID,
                contentType: MessageBundle.contentType),
            body: body)
    }
}
