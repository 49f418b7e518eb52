import AMQP
import Contracts

/// Messages over RabbitMQ: persistent, mandatory and confirmed, or transient and none of it.
public struct AMQPTransport: MessageTransport {
    private let publisher: AMQPPublisher

    public init(publisher: AMQPPublisher) {
        self.publisher = publisher
    }

    public func publish(_ messages: [WireMessage]) async -> [PublishOutcome] {
        let bundles = MessageBundle.bundled(messages)
        let results = await publisher.publish(bundles.map(\.message))
        var outcomes = [PublishOutcome](repeating: .unconfirmed(reason: ""), count: messages.count)
        for (bundle, result) in zip(bundles, results) {
            let outcome: PublishOutcome =
                switch result {
                case .confirmed: .confirmed
                // An unroutable message waits in the outbox until its recipient has declared its queue. Every event has
                // a subscriber (a test holds the services to it), so none waits for ever.
                case .unroutable, .nacked, .unknown: .unconfirmed(reason: result.error?.description ?? "")
                }
            for position in bundle.positions { outcomes[position] = outcome }
        }
        return outcomes
    }

    public func send(_ messages: [WireMessage]) async {
        await publisher.send(
            MessageBundle.bundled(messages).map { bundle in
                var message = bundle.message
                message.mandatory = false
                message.properties.deliveryMode = .transient
                return message
            })
    }
}
