import AMQP
import TestSupport
import Testing

@Suite("Publishing", .timeLimit(.minutes(5)))
struct PublishingTests {
    @Test("A message is confirmed only after the broker has it")
    func confirmed() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("confirmed")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let ids = (0..<500).map { "message-\($0)" }
            let results = await publisher.publish(ids.map { Client.message($0, to: queue) })
            #expect(results.count == ids.count)
            #expect(results.allSatisfy { $0.isConfirmed })

            let consumer = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name)],
                logger: Client.logger)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                var received: [String] = []
                while received.count < ids.count {
                    let batch = try await consumer.nextBatch(queue: queue.name, max: 50)
                    #expect((1...50).contains(batch.deliveries.count))
                    received += batch.deliveries.compactMap(\.properties.messageID)
                    await consumer.acknowledge(batch.deliveries)
                }
                #expect(received == ids)
            }
        }
    }

    @Test("Only the unroutable messages of a batch fail, and with the broker's reason")
    func unroutable() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("routable")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            var messages = (0..<60).map { Client.message("m\($0)", to: queue) }
            for index in stride(from: 0, to: 60, by: 3) {
                messages[index].routingKey = TestBroker.uniqueName("nowhere")
                // Without an id of its own a returned message must be recognised all the same.
                messages[index].properties.messageID = index % 2 == 0 ? nil : "m\(index)"
            }
            let results = await publisher.publish(messages)
            for (index, result) in results.enumerated() {
                if index % 3 == 0 {
                    #expect(result.error?.code == .unroutable)
                    #expect(result.error?.replyCode == 312)
                } else {
                    #expect(result.isConfirmed)
                }
            }
        }
    }

    @Test("A message that is not mandatory is confirmed although nobody gets it")
    func notMandatory() async throws {
        try await Client.withPublisher(try await Client.configuration(), queues: []) { publisher in
            let message = AMQPMessage(
                routingKey: TestBroker.uniqueName("nowhere"), mandatory: false, body: [1])
            let result = await publisher.publish(message)
            #expect(result.isConfirmed)
        }
    }

    @Test("A full queue that rejects publishes answers with a nack")
    func nacked() async throws {
        let queue = AMQPQueue(
            name: TestBroker.uniqueName("full"), arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])
        try await Client.withPublisher(try await Client.configuration(), queues: [queue]) { publisher in
            let results = await publisher.publish((0..<3).map { Client.message("m\($0)", to: queue) })
            #expect(results.map(\.isConfirmed) == [true, false, false])
            #expect(results.last?.error?.code == .nacked)
        }
    }

    @Test("A publish to a missing exchange ends the channel, and the publisher comes back")
    func missingExchange() async throws {
        let queue = Client.quorumQueue("after-error")
        try await Client.withPublisher(try await Client.configuration(), queues: [queue]) { publisher in
            let lost = await publisher.publish(
                AMQPMessage(exchange: TestBroker.uniqueName("no-exchange"), routingKey: "k", body: []))
            #expect(lost.error?.code == .channelClosed)
            #expect(lost.error?.replyCode == 404)
            let next = await publisher.publish(Client.message("next", to: queue))
            #expect(next.isConfirmed)
            #expect(publisher.status.connectionCount == 2)
        }
    }

    @Test("One message that the wire cannot carry does not harm its batch")
    func invalidMessage() async throws {
        let queue = Client.quorumQueue("valid")
        try await Client.withPublisher(try await Client.configuration(), queues: [queue]) { publisher in
            var messages = (0..<3).map { Client.message("m\($0)", to: queue) }
            messages[1].properties.correlationID = String(repeating: "x", count: 300)
            let results = await publisher.publish(messages)
            #expect(results.map(\.isConfirmed) == [true, false, true])
            #expect(results[1].error?.code == .invalidMessage)
            #expect(publisher.status.connectionCount == 1)
        }
    }

    @Test("Headers that just fill a frame arrive, and larger ones are refused without harm")
    func largeHeaders() async throws {
        let queue = Client.quorumQueue("headers")
        try await Client.withPublisher(try await Client.configuration(), queues: [queue]) { publisher in
            var messages = (0..<2).map { Client.message("m\($0)", to: queue) }
            // The broker's frames have 131,072 bytes; the other properties and the framing take less than 100.
            messages[0].properties.headers = ["large": .bytes([UInt8](repeating: 1, count: 130_972))]
            messages[1].properties.headers = ["large": .bytes([UInt8](repeating: 1, count: 131_072))]
            let results = await publisher.publish(messages)
            #expect(results[0].isConfirmed)
            #expect(results[1].error?.code == .invalidMessage)
            #expect(publisher.status.connectionCount == 1)
        }
    }

    @Test("Batches of many tasks at once each get their own results")
    func concurrentBatches() async throws {
        let queue = Client.quorumQueue("concurrent")
        try await Client.withPublisher(try await Client.configuration(), queues: [queue]) { publisher in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<40 {
                    group.addTask {
                        var messages = (0..<25).map { Client.message("\(task)-\($0)", to: queue) }
                        messages[task % 25].routingKey = TestBroker.uniqueName("nowhere")
                        let results = await publisher.publish(messages)
                        #expect(results.map(\.isConfirmed) == (0..<25).map { $0 != task % 25 })
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(
        "Every property and a body of many frames arrive as they were sent",
        arguments: [0, 1, 131_064, 131_065, 900_000])
    func roundTrip(bodySize: Int) async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("round-trip")
        var properties = AMQPProperties(
            messageID: "id", type: "type.v1", timestamp: 1_700_000_000, correlationID: "correlation", replyTo: "reply",
            appID: "app", contentType: "application/json",
            headers: [
                "text": "héllo", "number": .int64(.max), "flag": true, "real": .double(-0.5), "nothing": .null,
                "bytes": .bytes([0, 255]), "time": .timestamp(5), "nested": .table(["list": .array([1, "two"])]),
            ])
        properties.contentEncoding = "identity"
        properties.expiration = "600000"
        let body = (0..<bodySize).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let message = AMQPMessage(routingKey: queue.name, properties: properties, body: body)
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let result = await publisher.publish(message)
            #expect(result.isConfirmed)
            let administration = AMQPAdministration(configuration: configuration, logger: Client.logger)
            let fetched = try #require(try await administration.fetch(queue: queue.name))
            // The one header that a quorum queue adds.
            var expected = properties
            expected.headers["x-delivery-count"] = 0
            #expect(fetched.delivery.properties == expected)
            #expect(fetched.delivery.body == body)
            #expect(fetched.delivery.queue == queue.name)
            #expect(fetched.remaining == 0)
            await administration.close()
        }
    }

    @Test("Without a broker a publish ends after the connect timeout")
    func noBroker() async throws {
        var configuration = AMQPConfiguration(
            endpoints: [AMQPEndpoint(host: "127.0.0.1", port: 1)], username: "guest", password: "guest")
        configuration.connectTimeout = .milliseconds(300)
        let publisher = AMQPPublisher(configuration: configuration, logger: Client.logger)
        let elapsed = try await Client.whileRunning([{ try await publisher.run() }]) {
            let start = ContinuousClock.now
            let result = await publisher.publish(AMQPMessage(routingKey: "k", body: []))
            #expect(result.error?.code == .connectionFailed)
            #expect(result.error?.isRetriable == true)
            return ContinuousClock.now - start
        }
        #expect(elapsed >= .milliseconds(300))
        #expect(elapsed < .seconds(10))
    }

    @Test("A wrong password is reported as such, without the password")
    func wrongPassword() async throws {
        var configuration = try await Client.configuration()
        configuration.password = "not-the-password"
        let publisher = AMQPPublisher(configuration: configuration, logger: Client.logger)
        try await Client.whileRunning([{ try await publisher.run() }]) {
            let isReported = try await publisher.waitUntil(timeout: Client.patience) { $0.lastError != nil }
            #expect(isReported)
            #expect(publisher.status.lastError?.code == .accessRefused)
            #expect(publisher.status.lastError?.description.contains("not-the-password") == false)
        }
    }
}
