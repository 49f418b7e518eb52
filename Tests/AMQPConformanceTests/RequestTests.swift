import AMQP
import TestSupport
import Testing

@Suite("Requests", .timeLimit(.minutes(5)))
struct RequestTests {
    /// Answers each question with its own body, reversed, until cancelled.
    private func answer(_ consumer: AMQPConsumer, queue: String, with publisher: AMQPPublisher) async throws {
        while !Task.isCancelled {
            let batch = try await consumer.nextBatch(queue: queue, max: 100)
            let answers = batch.deliveries.compactMap { question in
                question.properties.replyTo.map { replyTo in
                    AMQPMessage(
                        routingKey: replyTo, mandatory: false,
                        properties: AMQPProperties(correlationID: question.properties.correlationID),
                        body: question.body.reversed())
                }
            }
            let results = await publisher.publish(answers)
            #expect(results.allSatisfy { $0.isConfirmed })
            await consumer.acknowledge(batch.deliveries)
        }
    }

    @Test("Many questions at once each get their own answer")
    func concurrentRequests() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("questions")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let consumer = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name, prefetch: 300)],
                logger: Client.logger)
            let requester = AMQPRequester(configuration: configuration, logger: Client.logger)
            try await Client.whileRunning([
                { try await consumer.run() }, { try await requester.run() },
                { try await answer(consumer, queue: queue.name, with: publisher) },
            ]) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<500 {
                        group.addTask {
                            let body = Array("question \(number)".utf8)
                            let answer = try await requester.request(
                                AMQPMessage(routingKey: queue.name, body: body), timeout: Client.patience)
                            #expect(answer.body == body.reversed())
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(requester.pendingCount == 0)
            }
        }
    }

    @Test("A question that nobody answers ends with its deadline, and one that nobody can get ends at once")
    func withoutAnswer() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("silence")
        try await Client.withPublisher(configuration, queues: [queue]) { _ in
            let requester = AMQPRequester(configuration: configuration, logger: Client.logger)
            try await Client.whileRunning([{ try await requester.run() }]) {
                try await requester.waitUntilConnected()
                let late = await #expect(throws: AMQPError.self) {
                    try await requester.request(
                        AMQPMessage(routingKey: queue.name, body: []), timeout: .milliseconds(100))
                }
                #expect(late?.code == .timedOut)
                #expect(late?.isRetriable == true)

                let start = ContinuousClock.now
                let unroutable = await #expect(throws: AMQPError.self) {
                    try await requester.request(
                        AMQPMessage(routingKey: TestBroker.uniqueName("nowhere"), body: []), timeout: Client.patience)
                }
                #expect(unroutable?.code == .unroutable)
                #expect(ContinuousClock.now - start < Client.patience)
                #expect(requester.pendingCount == 0)
            }
        }
    }

    @Test("A question ends when its task is cancelled, and when the requester stops")
    func endedEarly() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("ended")
        try await Client.withPublisher(configuration, queues: [queue]) { _ in
            let requester = AMQPRequester(configuration: configuration, logger: Client.logger)
            let listener = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name)],
                logger: Client.logger)
            let message = AMQPMessage(routingKey: queue.name, body: [])
            let abandoned = try await Client.whileRunning([{ try await requester.run() }, { try await listener.run() }])
            {
                // Unstructured, because a child task cannot be cancelled alone; all are awaited below.
                let early = Task { try await requester.request(message, timeout: Client.patience) }
                early.cancel()
                await #expect(throws: CancellationError.self) { try await early.value }

                let late = Task { try await requester.request(message, timeout: Client.patience) }
                _ = try await listener.nextBatch(queue: queue.name, max: 1)
                late.cancel()
                await #expect(throws: CancellationError.self) { try await late.value }
                #expect(requester.pendingCount == 0)

                let abandoned = Task { try await requester.request(message, timeout: Client.patience) }
                _ = try await listener.nextBatch(queue: queue.name, max: 1)
                #expect(requester.pendingCount == 1)
                return abandoned
            }
            let error = await #expect(throws: AMQPError.self) { try await abandoned.value }
            #expect(error?.code == .connectionClosed)
            #expect(error?.isRetriable == true)
        }
    }
}
