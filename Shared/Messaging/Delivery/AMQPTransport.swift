import AMQP
import Contracts

/// Messages over RabbitMQ: persistent, mandatory and confirmed, or transient and none of it.
public struct AMQPTransport: MessageTransport {
    private let publisher: AMQPPublisher

    public init(publisher: AMQPPublisher) {
        self.publisher = publisher
    }

    public func publish(_ bundles: [OutboundBundle]) async -> [PublishOutcome] {
        let joined = MessageBundle.joined(bundles)
        let results = await publisher.publish(joined.map(\.bundle.amqpMessage))
        var outcomes = [PublishOutcome](repeating: .unconfirmed(reason: ""), count: bundles.count)
        for (join, result) in zip(joined, results) {
            let outcome: PublishOutcome =
                switch result {
                case .confirmed: .confirmed
                // An unroutable message waits in the outbox until its recipient has declared its queue. Every event has
                // a subscriber (a test holds the services to it), so none waits for ever.
                case .unroutable, .nacked, .unknown: .unconfirmed(reason: result.error?.description ?? "")
                }
            for position in join.positions { outcomes[position] = outcome }
        }
        return outcomes
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
