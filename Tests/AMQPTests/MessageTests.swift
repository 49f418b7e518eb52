import CRabbitMQ
import Testing

@testable import AMQP

@Suite("Messages")
struct MessageTests {
    private static let headers: [String: AMQPFieldValue] = [
        "text": "héllo", "number": 42, "negative": .int64(.min), "flag": true, "real": .double(2.5),
        "bytes": .bytes([0, 255]), "time": .timestamp(1_700_000_000), "nothing": .null, "empty": .array([]),
        "list": .array([1, "two", .table(["three": .null])]), "nested": .table(["inner": .table(["deep": false])]),
    ]

    @Test("Properties survive the way through the library's wire format")
    func roundTrip() throws {
        var properties = AMQPProperties(
            messageID: "id", type: "type", timestamp: 12, correlationID: "correlation", replyTo: "reply",
            appID: "app", contentType: "application/json", headers: Self.headers)
        properties.contentEncoding = "gzip"
        properties.expiration = "60000"
        properties.priority = 3
        let (decoded, size) = try encodeAndDecode(properties)
        #expect(decoded == properties)
        // The header frame adds class, weight and body size; the estimate may only be too large.
        #expect(size + 12 <= properties.encodedSize)
        #expect(size + 12 + 32 >= properties.encodedSize)
    }

    @Test("Properties that are not set stay unset")
    func unset() throws {
        let properties = AMQPProperties(deliveryMode: .transient)
        #expect(try encodeAndDecode(properties).decoded == properties)
    }

    @Test("A message that the wire cannot carry is refused before anything is written")
    func validation() throws {
        let long = String(repeating: "x", count: 256)
        let fitting = AMQPMessage(routingKey: "k", properties: AMQPProperties(headers: Self.headers), body: [1])
        try fitting.validate(frameMaximum: 131_072)

        var wrong: [AMQPMessage] = Array(repeating: fitting, count: 6)
        wrong[0].routingKey = long
        wrong[1].exchange = String(repeating: "x", count: 128)
        wrong[2].properties.messageID = long
        wrong[3].properties.headers = [String(repeating: "x", count: 129): 1]
        wrong[4].properties.headers = ["list": .array([.table([String(repeating: "x", count: 129): 1])])]
        wrong[5].properties.headers = ["large": .bytes([UInt8](repeating: 0, count: 131_072))]
        for message in wrong {
            let error = #expect(throws: AMQPError.self) { try message.validate(frameMaximum: 131_072) }
            #expect(error?.code == .invalidMessage)
            #expect(error?.isRetriable == false)
        }
    }

    @Test("Only failures that time can cure are retriable")
    func retriable() {
        #expect(AMQPError(.connectionClosed, "", replyCode: 320).isRetriable)
        #expect(AMQPError(.channelClosed, "", replyCode: 404).isRetriable)
        #expect(AMQPError(.timedOut, "").isRetriable)
        #expect(!AMQPError(.channelClosed, "", replyCode: 406).isRetriable)
        #expect(!AMQPError(.accessRefused, "", replyCode: 403).isRetriable)
    }

    @Test("The queue that the broker names is declared last")
    func declarationOrder() {
        let topology = AMQPTopology(queues: [.temporary, AMQPQueue(name: "a"), AMQPQueue(name: "b")])
        #expect(topology.queuesInOrder.map(\.name) == ["a", "b", ""])
    }

    private func encodeAndDecode(_ properties: AMQPProperties) throws -> (decoded: AMQPProperties, size: Int) {
        let pool = AllocationPool()
        var library = pool.properties(properties)
        var decodingPool = amqp_pool_t()
        init_amqp_pool(&decodingPool, 4096)
        defer { empty_amqp_pool(&decodingPool) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        return try buffer.withUnsafeMutableBytes { bytes in
            var encoded = amqp_bytes_t(len: bytes.count, bytes: bytes.baseAddress)
            let size = amqp_encode_properties(UInt16(AMQP_BASIC_CLASS), &library, encoded)
            try #require(size > 0)
            encoded.len = Int(size)
            var decoded: UnsafeMutableRawPointer?
            let status = amqp_decode_properties(UInt16(AMQP_BASIC_CLASS), &decodingPool, encoded, &decoded)
            try #require(status == 0)
            let result = try #require(decoded).load(as: amqp_basic_properties_t.self)
            return (AMQPProperties(result), Int(size))
        }
    }
}
