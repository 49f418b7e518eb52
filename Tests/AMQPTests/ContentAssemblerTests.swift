import Testing

@testable import AMQP

@Suite("Content assembler")
struct ContentAssemblerTests {
    private let method = ContentAssembler.Method.deliver(
        consumerTag: "c", deliveryTag: 1, redelivered: false, exchange: "e", routingKey: "k")
    private let properties = AMQPProperties(messageID: "m")

    private func takeBody(_ bytes: [UInt8], in assembler: inout ContentAssembler) throws -> ContentAssembler.Content? {
        try bytes.withUnsafeBytes { try assembler.takeBody($0) }
    }

    @Test("Body frames are joined in their order until the announced size is reached")
    func severalBodyFrames() throws {
        var assembler = ContentAssembler()
        try assembler.begin(method)
        let afterHeader = try assembler.takeHeader(properties: properties, bodySize: 5)
        #expect(afterHeader == nil)
        let afterFirstBody = try takeBody([1, 2, 3], in: &assembler)
        #expect(afterFirstBody == nil)
        #expect(assembler.isAssembling)
        let content = try takeBody([4, 5], in: &assembler)
        #expect(content == ContentAssembler.Content(method: method, properties: properties, body: [1, 2, 3, 4, 5]))
        #expect(!assembler.isAssembling)
    }

    @Test("An empty body needs no body frame")
    func emptyBody() throws {
        var assembler = ContentAssembler()
        try assembler.begin(method)
        let content = try assembler.takeHeader(properties: properties, bodySize: 0)
        #expect(content?.body == [])
        #expect(!assembler.isAssembling)
    }

    @Test("A second content does not see the first one's bytes")
    func twoContents() throws {
        var assembler = ContentAssembler()
        for body: [UInt8] in [[1, 2], [3]] {
            try assembler.begin(method)
            _ = try assembler.takeHeader(properties: properties, bodySize: UInt64(body.count))
            let content = try takeBody(body, in: &assembler)
            #expect(content?.body == body)
        }
    }

    @Test("Frames in a wrong order are a protocol violation")
    func wrongOrder() throws {
        var idle = ContentAssembler()
        #expect(throws: AMQPError.self) { try idle.takeHeader(properties: properties, bodySize: 1) }
        #expect(throws: AMQPError.self) { try takeBody([1], in: &idle) }

        var begun = ContentAssembler()
        try begun.begin(method)
        #expect(throws: AMQPError.self) { try begun.begin(method) }
        #expect(throws: AMQPError.self) { try takeBody([1], in: &begun) }
    }

    @Test("More bytes than announced, and a size beyond the broker's limit, are refused")
    func wrongSize() throws {
        var assembler = ContentAssembler()
        try assembler.begin(method)
        _ = try assembler.takeHeader(properties: properties, bodySize: 1)
        let error = #expect(throws: AMQPError.self) { try takeBody([1, 2], in: &assembler) }
        #expect(error?.code == .protocolViolation)

        var greedy = ContentAssembler()
        try greedy.begin(method)
        #expect(throws: AMQPError.self) { try greedy.takeHeader(properties: properties, bodySize: .max) }
    }
}
