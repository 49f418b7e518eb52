import AMQP
import Contracts
import Foundation

/// Several messages for the same queues in one AMQP message: what the broker, the wire and both ends do for each AMQP
/// message they then do once.
///
/// The body is the messages one after the other. Each is a few lines `name value`, in any order, then an empty line, then
/// its body of as many bytes as its line `length` says, then a line feed:
///
///     id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111
///     type ticketing.hold-tickets.v1
///     occurred-at 1795000000123
///     app-id coordinator
///     length 2
///
///     {}
///
/// Further lines are `correlation-id`, `causation-id`, `organization-id` and `traceparent`. A line of another name is
/// ignored. A single message travels as itself, and so does one that has failed.
///
/// Requests travel like this as well, when they are of one kind, and of one organisation or quick ones: the AMQP message has
/// their type, and the headers of the first. They are answered with one ``AnswerBundle``.
public enum MessageBundle {
    /// Of the AMQP message.
    public static let contentType = "application/vnd.voelgoed.bundle"
    /// The AMQP `type`.
    public static let type = "voelgoed.bundle.v1"
    /// A bundle is handled, and may have to be handled again, as a whole.
    static let maximumCount = 64
    static let maximumBytes = 256 * 1024

    private enum Line {
        static let id = "id"
        static let type = "type"
        static let appID = "app-id"
    }

    // MARK: Writing

    /// Messages as they leave: those for the same queues together, as many as a bundle may carry.
    static func bundled(_ messages: [WireMessage]) -> [OutboundBundle] {
        gathered(messages, place: Place.init, count: { _ in 1 }, bytes: \.body.count).map { positions in
            OutboundBundle(positions.map { messages[$0] })
        }
    }

    /// Bundles as they leave: those for the same queues together, as far as one may carry them.
    /// - Returns: each with the positions of what is in it.
    static func joined(_ bundles: [OutboundBundle]) -> [(bundle: OutboundBundle, positions: [Int])] {
        gathered(bundles, place: { Place($0.messages[0]) }, count: \.messages.count, bytes: \.body.count)
            .map { positions in
                let parts = positions.map { bundles[$0] }
                return (parts.count == 1 ? parts[0] : OutboundBundle(joining: parts), positions)
            }
    }

    private struct Place: Hashable {
        let exchange: String
        let routingKey: String

        init(_ message: WireMessage) {
            exchange = message.exchange
            routingKey = message.routingKey
        }
    }

    private struct Group {
        var chunks: [[Int]] = [[]]
        /// Of the last chunk.
        var count = 0
        var bytes = 0
    }

    /// The positions of what goes the same way, in its order, no more together than a bundle may carry.
    private static func gathered<Part>(
        _ parts: [Part], place: (Part) -> Place, count: (Part) -> Int, bytes: (Part) -> Int
    ) -> [[Int]] {
        var order: [Place] = []
        var groups: [Place: Group] = [:]
        for (position, part) in parts.enumerated() {
            let place = place(part)
            if groups[place] == nil { order.append(place) }
            var group = groups[place] ?? Group()
            let (count, bytes) = (count(part), bytes(part))
            if group.count > 0, group.count + count > maximumCount || group.bytes + bytes > maximumBytes {
                group.chunks.append([])
                (group.count, group.bytes) = (0, 0)
            }
            group.chunks[group.chunks.count - 1].append(position)
            group.count += count
            group.bytes += bytes
            groups[place] = group
        }
        return order.flatMap { groups[$0]?.chunks ?? [] }
    }

    /// Requests of one kind, on their way to whoever answers them.
    static func request(_ requests: [WireMessage], timeout: Duration) -> AMQPMessage {
        let first = requests[0]
        var properties = EnvelopeCodec.properties(of: first)
        properties.deliveryMode = .transient
        properties.expiration = String(timeout.milliseconds)
        // The AMQP property is for the way back.
        properties.headers[EnvelopeCodec.Header.correlationID] = properties.correlationID.map { .string($0) }
        properties.correlationID = nil
        guard requests.count > 1 else {
            return AMQPMessage(
                exchange: first.exchange, routingKey: first.routingKey, properties: properties, body: first.body)
        }
        properties.contentType = contentType
        return AMQPMessage(
            exchange: first.exchange, routingKey: first.routingKey, properties: properties,
            body: body(carrying: requests))
    }

    private static func append(_ message: WireMessage, to body: inout [UInt8]) {
        BundleBlock.append(lines(of: message.envelope), message.body, to: &body)
    }

    private static func lines(of envelope: Envelope) -> [(String, String?)] {
        [
            (Line.id, envelope.id.lowercaseText), (Line.type, envelope.type),
            (EnvelopeCodec.Header.occurredAt, String(envelope.occurredAt.millisecondsSince1970)),
            (EnvelopeCodec.Header.correlationID, envelope.correlationID?.lowercaseText),
            (EnvelopeCodec.Header.causationID, envelope.causationID?.lowercaseText),
            (EnvelopeCodec.Header.organizationID, envelope.organizationID?.rawValue.lowercaseText),
            (EnvelopeCodec.Header.traceparent, envelope.traceparent), (Line.appID, envelope.appID),
        ]
    }

    /// The body of a bundle of these messages.
    static func body(carrying messages: [WireMessage]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(messages.reduce(0) { $0 + $1.body.count + 320 })
        for message in messages { append(message, to: &body) }
        return body
    }

    // MARK: Reading

    /// What a delivery carries: one message, or the messages of a bundle.
    /// - Throws: ``MessagingError/malformedEnvelope(_:)``; then nothing of the delivery can be told.
    public static func messages(in delivery: AMQPDelivery) throws -> [IncomingMessage] {
        // A relay of before bundles were kept as such sends one with the content type of a message.
        guard delivery.properties.contentType == contentType || delivery.properties.type == type else {
            return [try EnvelopeCodec.incoming(delivery)]
        }
        return try messages(in: delivery.body)
    }

    /// What the body of a bundle carries.
    static func messages(in body: [UInt8]) throws -> [IncomingMessage] {
        let messages = try BundleBlock.blocks(in: body).map { block in
            IncomingMessage(envelope: try envelope(block.lines), body: block.body)
        }
        guard !messages.isEmpty else { throw MessagingError.malformedEnvelope("a bundle must not be empty") }
        return messages
    }

    private static func envelope(_ values: [String: String]) throws -> Envelope {
        guard let id = values[Line.id].flatMap(UUID.init(text:)) else {
            throw MessagingError.malformedEnvelope("id must be a UUID")
        }
        guard let type = values[Line.type], !type.isEmpty else {
            throw MessagingError.malformedEnvelope("type must name the message")
        }
        guard let occurredAt = values[EnvelopeCodec.Header.occurredAt].flatMap({ Int64($0) }) else {
            throw MessagingError.malformedEnvelope("occurred-at must be a number of milliseconds")
        }
        return Envelope(
            id: id, type: type, occurredAt: try EnvelopeCodec.time(milliseconds: occurredAt),
            correlationID: values[EnvelopeCodec.Header.correlationID].flatMap(UUID.init(text:)),
            causationID: values[EnvelopeCodec.Header.causationID].flatMap(UUID.init(text:)),
            organizationID: try values[EnvelopeCodec.Header.organizationID].map(EnvelopeCodec.organizationID),
            traceparent: values[EnvelopeCodec.Header.traceparent], appID: values[Line.appID] ?? "")
    }
}
