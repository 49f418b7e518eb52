import AMQP
import Contracts

/// Messages over RabbitMQ: persistent, mandatory and confirmed, or transient and none of it.
public struct AMQPTransport: MessageTransport {
    private let publisher: AMQPPublisher

    public init(publisher: AMQPPublisher) {
        self.publisher = publisher
    }

    public func publish(_ bundles: [OutboundBundle]) async -> [PublishOutcome] {
        await publisher.publish(bundles.map(\.amqpMessage)).map { result in
            switch result {
            case .confirmed: .confirmed
            // An unroutable message waits in the outbox until its recipient has declared its queue. Every event has
            // a subscriber (a test holds the services to it), so none waits for ever.
            case .unroutable, .nacked, .unknown: .unconfirmed(reason: result.error?.description ?? "")
            }
        }
    }

    public func send(_ bundles: [OutboundBundle]) async {
        await publisher.send(
            bundles.map { bundle in
                var message = bundle.amqpMessage
                message.mandatory = false
                message.properties.deliveryMode = .transient
                return message
            })
    }
}
