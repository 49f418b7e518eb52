import AMQP
import TestSupport
import Testing

/// What clients do differently where the configuration names several nodes. Here they are one node under two endpoints.
@Suite("Several nodes", .timeLimit(.minutes(5)))
struct ClusterTests {
    private func configuration() async throws -> AMQPConfiguration {
        let one = try await Client.configuration()
        return AMQPConfiguration(
            endpoints: one.endpoints + one.endpoints, username: one.username, password: one.password,
            virtualHost: one.virtualHost, connectionName: one.connectionName)
    }

    private func fullQueue() -> AMQPQueue {
        AMQPQueue(
            name: TestBroker.uniqueName("full"), arguments: ["x-max-length": 0, "x-overflow": "reject-publish"])
    }

    @Test("A publisher whose message is refused goes on over another connection")
    func refusedMessage() async throws {
        let (full, open) = (fullQueue(), Client.quorumQueue("open"))
        try await Client.withPublisher(try await configuration(), queues: [full, open]) { publisher in
            let refused = await publisher.publish(Client.message("refused", to: full))
            #expect(refused.error?.code == .nacked)
            let isAnother = try await publisher.waitUntil(timeout: Client.patience) {
                $0.isConnected && $0.connectionCount == 2
            }
            #expect(isAnother)
            let next = await publisher.publish(Client.message("next", to: open))
            #expect(next.isConfirmed)
        }
    }

    @Test("A question that is refused ends at once, may be asked again, and does not end for want of a confirm")
    func refusedQuestion() async throws {
        let configuration = try await configuration()
        let (full, open) = (fullQueue(), Client.quorumQueue("questions"))
        try await Client.withPublisher(configuration, queues: [full, open]) { publisher in
            let consumer = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: open.name)], logger: Client.logger
            )
            let requester = AMQPRequester(configuration: configuration, logger: Client.logger)
            try await Client.whileRunning([{ try await requester.run() }, { try await consumer.run() }]) {
                let start = ContinuousClock.now
                let error = await #expect(throws: AMQPError.self) {
                    try await requester.request(
                        AMQPMessage(routingKey: full.name, body: []), timeout: Client.patience)
                }
                #expect(error?.isRetriable == true)
                #expect(ContinuousClock.now - start < Client.patience)

                async let answer = requester.request(
                    AMQPMessage(routingKey: open.name, body: [7]), timeout: Client.patience)
                let question = try await Client.take(1, from: open.name, of: consumer)[0]
                _ = await publisher.publish(
                    AMQPMessage(
                        routingKey: question.properties.replyTo ?? "", mandatory: false,
                        properties: AMQPProperties(correlationID: question.properties.correlationID), body: [8]))
                #expect(try await answer.body == [8])
                await consumer.acknowledge([question])

                let unroutable = await #expect(throws: AMQPError.self) {
                    try await requester.request(
                        AMQPMessage(routingKey: TestBroker.uniqueName("nowhere"), body: []), timeout: Client.patience)
                }
                #expect(unroutable?.code == .unroutable)
            }
        }
    }

    @Test("An exclusive queue is its connection's own, whoever else still holds one of that name")
    func exclusiveQueues() async throws {
        let configuration = try await Client.configuration()
        let exchange = AMQPExchange(name: TestBroker.uniqueName("news"), kind: .fanout, autoDelete: true)
        let queue = AMQPQueue(name: TestBroker.uniqueName("ears"), durable: false, exclusive: true, autoDelete: true)
        let topology = AMQPTopology(
            exchanges: [exchange], queues: [queue],
            bindings: [AMQPBinding(exchange: exchange.name, queue: queue.name, routingKey: "")])
        let consumers = (0..<2).map { _ in
            AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name)],
                topology: topology, logger: Client.logger)
        }
        try await Client.withPublisher(configuration, queues: []) { publisher in
            try await Client.whileRunning(consumers.map { consumer in { try await consumer.run() } }) {
                for consumer in consumers {
                    #expect(try await consumer.waitUntil(timeout: Client.patience) { $0.isConnected })
                }
                let result = await publisher.publish(
                    AMQPMessage(exchange: exchange.name, routingKey: "", body: [1]))
                #expect(result.isConfirmed)
                for consumer in consumers {
                    let heard = try await Client.take(1, from: queue.name, of: consumer)
                    #expect(heard.map(\.queue) == [queue.name])
                    await consumer.acknowledge(heard)
                }
            }
        }
    }
}
