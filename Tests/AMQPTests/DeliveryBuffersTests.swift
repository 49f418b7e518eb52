import Testing

@testable import AMQP

@Suite("Delivery buffers")
struct DeliveryBuffersTests {
    private func delivery(_ queue: String, _ tag: UInt64) -> AMQPDelivery {
        AMQPDelivery(
            queue: queue, consumerTag: queue, deliveryTag: tag, connectionEpoch: 1, redelivered: false, exchange: "",
            routingKey: queue, properties: AMQPProperties(), body: [])
    }

    private func names(_ deliveries: [AMQPDelivery]) -> [String] {
        deliveries.map { "\($0.queue)\($0.deliveryTag)" }
    }

    @Test("A full queue does not hold up the others, and each queue keeps its order")
    func inTurn() {
        var buffers = DeliveryBuffers()
        for tag in 1...5 { buffers.append(delivery("full", UInt64(tag))) }
        buffers.append(delivery("quiet", 6))
        buffers.append(delivery("other", 7))
        buffers.append(delivery("other", 8))
        #expect(names(buffers.takeInTurn(4)) == ["full1", "other7", "quiet6", "full2"])
        #expect(names(buffers.takeInTurn(100)) == ["full3", "other8", "full4", "full5"])
        #expect(buffers.takeInTurn(1).isEmpty)
    }

    @Test("The deliveries of one queue are taken without those of others")
    func oneQueue() {
        var buffers = DeliveryBuffers()
        buffers.append(delivery("a", 1))
        buffers.append(delivery("b", 2))
        buffers.append(delivery("a", 3))
        #expect(names(buffers.take(10, of: "a")) == ["a1", "a3"])
        #expect(buffers.take(10, of: "none").isEmpty)
        #expect(names(buffers.take(10, of: "b")) == ["b2"])
    }
}
