import AMQP
import Contracts

/// Messages over RabbitMQ: persistent, mandatory, confirmed.
public struct AMQPTransport: MessageTransport {
    private let publisher: AMQPPublisher

    public init(publisher: AMQPPublisher) {
        self.publisher = publisher
    }

    public func publish(_ messages: [WireMessage]) async -> [PublishOutcome] {
        let results = await publisher.publish(
            messages.map { message in
                AMQPMessage(
                    exchange: message.exchange, routingKey: message.routingKey,
                    properties: EnvelopeCodec.properties(of: message), body: message.body)
            })
        return results.map { result in
            switch result {
            case .confirmed: .confirmed
            // An unroutable message waits in the outbox until its recipient has declared its queue. Every event has a
            // subscriber (a test holds the services to it), so none waits for ever.
            case .unroutable, .nacked, .unknown:
                .unconfirmed(reason: result.error?.description ?? "")
            }
        }
    }
}
