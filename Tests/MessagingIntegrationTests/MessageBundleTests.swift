import AMQP
import Contracts
import Foundation
import Testing

@testable import Messaging

/// Several messages in one AMQP message, and back.
@Suite("Message bundles")
struct MessageBundleTests {
    private func message(_ number: Int, to routingKey: String, body: [UInt8]? = nil) -> WireMessage {
        WireMessage(
            exchange: "e", routingKey: routingKey,
            envelope: Envelope(
                id: UUID(), type: "tests.a.v1", occurredAt: Timestamp(millisecondsSince1970: 1_795_000_000_123),
                correlationID: number % 2 == 0 ? UUID() : nil, causationID: number % 3 == 0 ? UUID() : nil,
                organizationID: number % 2 == 0 ? OrganizationID(UUID()) : nil,
                traceparent: number % 2 == 0 ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : nil,
                appID: "ticketing"),
            body: body ?? Array("{\"number\":\(number)}\n\n".utf8))
    }

    private func delivery(_ message: AMQPMessage) -> AMQPDelivery {
        AMQPDelivery(
            queue: "q", consumerTag: "t", deliveryTag: 1, connectionEpoch: 1, redelivered: false,
            exchange: message.exchange, routingKey: message.routingKey, properties: message.properties,
            body: message.body)
    }

    @Test("Messages to the same place travel together in their order, and are read as they were written")
    func roundTrip() throws {
        let messages = (0..<10).map { message($0, to: $0 % 3 == 0 ? "a" : "b") } + [message(10, to: "c", body: [])]
        let bundles = MessageBundle.bundled(messages)
        #expect(bundles.map(\.routingKey) == ["a", "b", "c"])
        #expect(bundles.map(\.messages) == ["a", "b", "c"].map { place in messages.filter { $0.routingKey == place } })
        for bundle in bundles {
            #expect(bundle.amqpMessage.routingKey == bundle.routingKey)
            var sent = bundle.amqpMessage
            let expected = bundle.messages.map { IncomingMessage(envelope: $0.envelope, body: $0.body) }
            #expect(try MessageBundle.messages(in: delivery(sent)) == expected)
            // As a relay that knows nothing of stored bundles sends it.
            sent.properties.contentType = MessageCodec.contentType
            #expect(try MessageBundle.messages(in: delivery(sent)) == expected)
        }
        let sent = bundles.map(\.amqpMessage.properties)
        #expect(sent[2].contentType == MessageCodec.contentType && sent[2].type == "tests.a.v1")
        #expect(sent[0].contentType == MessageBundle.contentType && sent[0].type == MessageBundle.type)
        #expect(sent[0].messageID == messages[0].envelope.id.lowercaseText)
        #expect(sent[0].deliveryMode == .persistent)
    }

    @Test("A row of the outbox is read as the bundle that it was; one that is damaged is refused")
    func stored() throws {
        for bundle in MessageBundle.bundled((0..<3).map { message($0, to: $0 == 0 ? "a" : "b") }) {
            #expect(
                try OutboundBundle(
                    exchange: bundle.exchange, routingKey: bundle.routingKey, envelope: bundle.envelope,
                    body: bundle.body) == bundle)
        }
        let bundle = OutboundBundle([message(0, to: "a"), message(1, to: "a")])
        #expect(throws: MessagingError.self) {
            try OutboundBundle(exchange: "e", routingKey: "a", envelope: bundle.envelope, body: [0x7B, 0x7D])
        }
    }

    @Test("Bundles for the same place travel as one, as far as one may carry them, and each knows its own")
    func joined() throws {
        let messages = (0..<6).map { message($0, to: $0 < 4 ? "a" : "b") }
        let bundles = [
            OutboundBundle([messages[0], messages[1]]), OutboundBundle(messages[4]), OutboundBundle(messages[2]),
            OutboundBundle([messages[3]]),
        ]
        let joined = MessageBundle.joined(bundles)
        #expect(joined.map(\.positions) == [[0, 2, 3], [1]])
        #expect(joined[0].bundle == OutboundBundle(Array(messages[0..<4])))
        #expect(joined[1].bundle == bundles[1])
        let sent = try MessageBundle.messages(in: delivery(joined[0].bundle.amqpMessage))
        #expect(sent == messages[0..<4].map { IncomingMessage(envelope: $0.envelope, body: $0.body) })

        let full = OutboundBundle((0..<60).map { message($0, to: "a") })
        let few = OutboundBundle((0..<4).map { message($0, to: "a") })
        #expect(MessageBundle.joined([full, few, few, few]).map(\.positions) == [[0, 1], [2, 3]])
        let large = OutboundBundle(message(0, to: "a", body: [UInt8](repeating: 0x20, count: 200_000)))
        #expect(MessageBundle.joined([large, large]).map(\.positions) == [[0], [1]])
    }

    @Test("A bundle is limited in number and in size")
    func limits() {
        let many = (0..<150).map { message($0, to: "a") }
        #expect(MessageBundle.bundled(many).map(\.messages.count) == [64, 64, 22])
        let large = (0..<5).map { message($0, to: "a", body: [UInt8](repeating: 0x20, count: 100_000)) }
        #expect(MessageBundle.bundled(large).map(\.messages.count) == [2, 2, 1])
        #expect(MessageBundle.bundled([]).isEmpty)
    }

    @Test(
        "A damaged bundle is refused as a whole, and crashes nothing",
        arguments: [
            "", "id", "id x", "\n", "length 1\n\n", "length -1\n\nx\n", "length 99999999999999999999\n\nx\n",
            "id 1\ntype a\noccurred-at 1\nlength 1\n\nx\n",
            "id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111\noccurred-at 1\nlength 1\n\nx\n",
            "id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111\ntype a\noccurred-at -1\nlength 1\n\nx\n",
            "id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111\ntype a\noccurred-at 1\nlength 1\n\nxy",
            "id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111\ntype a\noccurred-at 1\norganization-id 7\nlength 1\n\nx\n",
        ])
    func damaged(_ body: String) {
        let message = AMQPMessage(
            routingKey: "q", properties: AMQPProperties(contentType: MessageBundle.contentType), body: Array(body.utf8))
        #expect(throws: MessagingError.self) { try MessageBundle.messages(in: delivery(message)) }
    }

    @Test("A line of a name that this version does not know is ignored")
    func unknownLine() throws {
        let body =
            "id 01a2192b-6f2e-7b54-8c7e-5b2d7a90f111\nlater-addition 7\ntype a\noccurred-at 1\nlength 2\n\n{}\n"
        let message = AMQPMessage(
            routingKey: "q", properties: AMQPProperties(contentType: MessageBundle.contentType), body: Array(body.utf8))
        let read = try MessageBundle.messages(in: delivery(message))
        #expect(read.map(\.envelope.type) == ["a"])
        #expect(read.map(\.body) == [Array("{}".utf8)])
    }
}
