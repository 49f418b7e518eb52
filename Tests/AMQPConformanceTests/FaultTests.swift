import AMQP
import TestSupport
import Testing

/// Tests that harm their broker, one after the other, on a broker of their own.
@Suite("Faults", .serialized, .timeLimit(.minutes(10)))
struct FaultTests {
    // Unstructured, because the tests of the suite share the one start; a lazy static runs it once.
    private static let start = Task { try await PrivateBroker.start() }

    private func configuration(_ broker: PrivateBroker) throws -> AMQPConfiguration {
        var configuration = try AMQPConfiguration(url: broker.url, connectionName: "faults")
        configuration.heartbeat = .seconds(2)
        configuration.connectTimeout = .seconds(30)
        configuration.callTimeout = .seconds(20)
        return configuration
    }

    @Test("A frozen broker does not hang a publisher, whatever it is doing", arguments: [1, 200])
    func frozenBroker(messageCount: Int) async throws {
        let broker = try await Self.start.value
        var configuration = try configuration(broker)
        // So long that only heartbeats and blocked calls can end the publish.
        configuration.publishTimeout = .seconds(120)
        let queue = Client.quorumQueue("frozen")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            // With 200 messages of 100 kB the socket's buffers are full and the library blocks in a write.
            let body = [UInt8](repeating: 1, count: 100_000)
            let messages = (0..<messageCount).map { _ in AMQPMessage(routingKey: queue.name, body: body) }
            broker.freeze()
            let start = ContinuousClock.now
            let results = await publisher.publish(messages)
            let elapsed = ContinuousClock.now - start
            broker.thaw()
            #expect(elapsed < configuration.heartbeat * 2 + .seconds(3))
            #expect(results.count == messageCount)
            #expect(results.allSatisfy { $0.error?.isRetriable == true })
            let isBack = try await publisher.waitUntil(timeout: Client.patience) {
                $0.isConnected && $0.connectionCount >= 2
            }
            #expect(isBack)
            let next = await publisher.publish(Client.message("next", to: queue))
            #expect(next.isConfirmed)
        }
    }

    @Test("A message that is not confirmed in time ends the connection before the heartbeat does")
    func unconfirmed() async throws {
        let broker = try await Self.start.value
        var configuration = try configuration(broker)
        configuration.heartbeat = .seconds(60)
        configuration.publishTimeout = .seconds(1)
        let queue = Client.quorumQueue("unconfirmed")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            broker.freeze()
            let start = ContinuousClock.now
            let result = await publisher.publish(Client.message("m", to: queue))
            let elapsed = ContinuousClock.now - start
            broker.thaw()
            #expect(!result.isConfirmed)
            #expect(elapsed >= .seconds(1))
            #expect(elapsed < .seconds(4))
            // Whatever became of the first attempt, the same message can be published again.
            let again = await publisher.publish(Client.message("m", to: queue))
            #expect(again.isConfirmed)
        }
    }

    @Test("A consumer of a frozen broker notices, and goes on afterwards")
    func frozenBrokerOfAConsumer() async throws {
        let broker = try await Self.start.value
        let configuration = try configuration(broker)
        let queue = Client.quorumQueue("frozen-consumer")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let consumer = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name)],
                logger: Client.logger)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                try await consumer.waitUntilConnected()
                let interventions = AMQPWatchdog.interventionCount
                broker.freeze()
                let start = ContinuousClock.now
                let isLost = try await consumer.waitUntil(timeout: Client.patience) { !$0.isConnected }
                let elapsed = ContinuousClock.now - start
                broker.thaw()
                #expect(isLost)
                #expect(elapsed < configuration.heartbeat * 2 + .seconds(3))
                #expect(
                    AMQPWatchdog.interventionCount > interventions || consumer.status.lastError?.code == .timedOut)
                let result = await publisher.publish(Client.message("m", to: queue))
                #expect(result.isConfirmed)
                let taken = try await Client.take(1, from: queue.name, of: consumer)
                await consumer.acknowledge(taken)
            }
        }
    }

    @Test("Connections that are closed while publishing lose no confirmed message")
    func closeWhilePublishing() async throws {
        let broker = try await Self.start.value
        let configuration = try configuration(broker)
        let queue = Client.quorumQueue("closed")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let confirmed = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<2 {
                        try await broker.control("close_all_connections", "test")
                    }
                }
                var confirmed: Set<String> = []
                var batch = 0
                while publisher.status.connectionCount < 3 {
                    batch += 1
                    let ids = (0..<50).map { "\(batch)-\($0)" }
                    let results = await publisher.publish(ids.map { Client.message($0, to: queue) })
                    #expect(results.count == ids.count)
                    for (id, result) in zip(ids, results) {
                        if result.isConfirmed {
                            confirmed.insert(id)
                        } else {
                            #expect(result.error?.isRetriable == true)
                        }
                    }
                }
                try await group.waitForAll()
                return confirmed
            }
            #expect(publisher.status.lastError?.replyCode == 320)
            #expect(!confirmed.isEmpty)

            let consumer = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name, prefetch: 1000)],
                logger: Client.logger)
            var missing = confirmed
            try await Client.whileRunning([{ try await consumer.run() }]) {
                while !missing.isEmpty {
                    let batch = try await consumer.nextBatch(queue: queue.name, max: 1000)
                    missing.subtract(batch.deliveries.compactMap(\.properties.messageID))
                    await consumer.acknowledge(batch.deliveries)
                }
            }
            #expect(missing.isEmpty)
        }
    }

    @Test("A broker that is short of memory blocks publishers, says so, and lets them go on later")
    func blocked() async throws {
        let broker = try await Self.start.value
        var configuration = try configuration(broker)
        configuration.connectTimeout = .seconds(1)
        configuration.publishTimeout = .seconds(2)
        let queue = Client.quorumQueue("blocked")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            try await broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
            // The broker blocks a connection at its first publish under the alarm.
            let first = await publisher.publish(Client.message("first", to: queue))
            #expect(first.error?.code == .blocked)
            #expect(publisher.isBlocked)
            #expect(publisher.status.blockedReason?.contains("memory") == true)
            #expect(publisher.isConnected)

            let start = ContinuousClock.now
            let second = await publisher.publish(Client.message("second", to: queue))
            #expect(second.error?.code == .blocked)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(publisher.status.connectionCount == 1)

            try await broker.control("set_vm_memory_high_watermark", "0.6")
            let isFree = try await publisher.waitUntil(timeout: Client.patience) { $0.isReady }
            #expect(isFree)
            let third = await publisher.publish(Client.message("third", to: queue))
            #expect(third.isConfirmed)
            #expect(publisher.status.connectionCount == 1)
        }
    }

    @Test("A pending question fails with a retriable error when the broker closes the connection")
    func closedRequester() async throws {
        let broker = try await Self.start.value
        let configuration = try configuration(broker)
        let queue = Client.quorumQueue("asked")
        try await Client.withPublisher(configuration, queues: [queue]) { _ in
            let requester = AMQPRequester(configuration: configuration, logger: Client.logger)
            let listener = AMQPConsumer(
                configuration: configuration, subscriptions: [AMQPSubscription(queue: queue.name)],
                logger: Client.logger)
            try await Client.whileRunning([{ try await requester.run() }, { try await listener.run() }]) {
                async let answer = requester.request(
                    AMQPMessage(routingKey: queue.name, body: []), timeout: Client.patience)
                _ = try await listener.nextBatch(queue: queue.name, max: 1)
                try await broker.control("close_all_connections", "test")
                do {
                    _ = try await answer
                    Issue.record("a question without a responder was answered")
                } catch let error as AMQPError {
                    #expect(error.code == .connectionClosed)
                    #expect(error.isRetriable)
                }
                let isBack = try await requester.waitUntil(timeout: Client.patience) {
                    $0.isConnected && $0.connectionCount == 2
                }
                #expect(isBack)
            }
        }
    }

    @Test("The broker keeps the arguments that a queue is declared with, and those it does not know as well")
    func queueArguments() async throws {
        let broker = try await Self.start.value
        let queue = Client.quorumQueue(
            "arguments", arguments: ["x-delivery-limit": 10, "x-no-such-argument": "accepted"])
        try await Client.withPublisher(try configuration(broker), queues: [queue]) { _ in
            let listing = try await broker.control("list_queues", "name", "type", "arguments", "--no-table-headers")
            let line = try #require(listing.split(separator: "\n").first { $0.contains(queue.name) })
            #expect(line.contains("quorum"))
            #expect(line.contains("{\"x-delivery-limit\",10}"))
            #expect(line.contains("x-no-such-argument"))
        }
    }

    @Test("A client over TLS with a certificate of its own can publish")
    func tls() async throws {
        let broker = try await Self.start.value
        let queue = Client.quorumQueue("tls")
        try await Client.withPublisher(secure(broker), queues: [queue]) { publisher in
            // Larger than one TLS record, one AMQP frame and the socket's buffers.
            let result = await publisher.publish(
                AMQPMessage(routingKey: queue.name, body: [UInt8](repeating: 7, count: 1_000_000)))
            #expect(result.isConfirmed)
            let administration = AMQPAdministration(configuration: secure(broker), logger: Client.logger)
            let fetched = try await administration.fetch(queue: queue.name)
            #expect(fetched?.delivery.body.count == 1_000_000)
            await administration.close()
        }
    }

    @Test("TLS fails with a foreign authority, with another host name, and without a client certificate")
    func refusedTLS() async throws {
        let broker = try await Self.start.value
        var foreign = secure(broker)
        foreign.tls?.certificateAuthorityFile = broker.certificates.foreignAuthority
        var otherName = secure(broker)
        otherName.endpoints = [AMQPEndpoint(host: "127.0.0.1", port: broker.tlsPort)]
        var anonymous = secure(broker)
        anonymous.tls = AMQPTLS(certificateAuthorityFile: broker.certificates.authority)
        var plain = secure(broker)
        plain.tls = nil
        plain.connectTimeout = .seconds(2)
        for configuration in [foreign, otherName, anonymous, plain] {
            let administration = AMQPAdministration(configuration: configuration, logger: Client.logger)
            let error = await #expect(throws: AMQPError.self) {
                try await administration.declare(AMQPTopology())
            }
            #expect(error?.code == .connectionFailed)
        }
    }

    private func secure(_ broker: PrivateBroker) -> AMQPConfiguration {
        AMQPConfiguration(
            endpoints: [AMQPEndpoint(host: "localhost", port: broker.tlsPort)], username: "guest", password: "guest",
            tls: AMQPTLS(
                certificateAuthorityFile: broker.certificates.authority,
                clientCertificateFile: broker.certificates.client.certificate,
                clientKeyFile: broker.certificates.client.key),
            connectionName: "faults-tls")
    }
}
