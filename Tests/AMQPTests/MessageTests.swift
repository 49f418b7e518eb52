import Testing

@testable import AMQP

@Suite("Messages")
struct MessageTests {
    private static let headers: [String: AMQPFieldValue] = [
        "text": "héllo", "number": 42, "negative": .int64(.min), "flag": true, "real": .double(2.5),
        "bytes": .bytes([0, 255]), "time": .timestamp(1_700_000_000), "nothing": .null, "empty": .array([]),
        "list": .array([1, "two", .table(["three": .null])]), "nested": .table(["inner": .table(["deep": false])]),
    ]

    @Test("Properties survive the way into the library's form and back")
    func roundTrip() {
        var properties = AMQPProperties(
            messageID: "id", type: "type", timestamp: 12, correlationID: "correlation", replyTo: "reply",
            appID: "app", contentType: "application/json", headers: Self.headers)
        properties.contentEncoding = "gzip"
        properties.expiration = "60000"
        properties.priority = 3
        let pool = AllocationPool()
        #expect(AMQPProperties(pool.properties(properties)) == properties)
    }

    @Test("The size of properties on the wire is counted by the rules of the protocol")
    func encodedSize() {
        var properties = AMQPProperties()
        let empty = properties.encodedSize
        properties.type = "four"
        #expect(properties.encodedSize == empty + 4)
        // Key with its length octet, type octet, long string with its length.
        properties.headers = ["key": "value"]
        #expect(properties.encodedSize == empty + 4 + (1 + 3) + 1 + (4 + 5))
        properties.headers["list"] = .array([1, true, .null, .table([:])])
        #expect(properties.encodedSize == empty + 4 + 14 + (1 + 4) + (1 + 4) + 9 + 2 + 1 + (1 + 4))
    }

    @Test("Properties that are not set stay unset")
    func unset() {
        let properties = AMQPProperties(deliveryMode: .transient)
        let pool = AllocationPool()
        #expect(AMQPProperties(pool.properties(properties)) == properties)
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
}
