import Testing

@testable import AMQP

@Suite("Delivery buffer")
struct DeliveryBufferTests {
    private func delivery(_ tag: UInt64) -> AMQPDelivery {
        AMQPDelivery(
            queue: "q", consumerTag: "c", deliveryTag: tag, connectionEpoch: 1, redelivered: false, exchange: "",
            routingKey: "q", properties: AMQPProperties(), body: [])
    }

    @Test("Deliveries come out in their order, in pieces of any size")
    func order() {
        var generator = SeededGenerator(seed: 4)
        var buffer = DeliveryBuffer()
        var next: UInt64 = 1
        var taken: [UInt64] = []
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                buffer.append(delivery(next))
                next += 1
            }
            taken += buffer.take(Int.random(in: 1...4, using: &generator)).map(\.deliveryTag)
        }
        taken += buffer.take(.max >> 1).map(\.deliveryTag)
        #expect(taken == Array(1..<next))
        let rest = buffer.take(1)
        #expect(rest.isEmpty)
    }
}
