/// A message that was taken off a queue by request.
public struct AMQPFetchedMessage: Sendable, Equatable {
    /// The message, to be acknowledged or rejected.
    public let delivery: AMQPDelivery
    /// How many more messages were ready in the queue.
    public let remaining: Int

    /// The same message with the queue that the broker's answer does not name.
    func named(queue: String) -> AMQPFetchedMessage {
        let named = AMQPDelivery(
            queue: queue, consumerTag: "", deliveryTag: delivery.deliveryTag,
            connectionEpoch: delivery.connectionEpoch, redelivered: delivery.redelivered, exchange: delivery.exchange,
            routingKey: delivery.routingKey, properties: delivery.properties, body: delivery.body)
        return AMQPFetchedMessage(delivery: named, remaining: remaining)
    }
}
