import AMQP
import TestSupport
import Testing

@Suite("Consuming", .timeLimit(.minutes(5)))
struct ConsumingTests {
    private func consumer(
        _ configuration: AMQPConfiguration, _ queue: AMQPQueue, prefetch: UInt16 = 100
    ) -> AMQPConsumer {
        AMQPConsumer(
            configuration: configuration,
            subscriptions: [AMQPSubscription(queue: queue.name, prefetch: prefetch)],
            topology: AMQPTopology(queues: [queue]), logger: Client.logger)
    }

    @Test("A rejected message comes back as redelivered, or goes where the queue sends its dead letters")
    func rejection() async throws {
        let configuration = try await Client.configuration()
        let dead = Client.quorumQueue("dead")
        let queue = Client.quorumQueue(
            "rejected",
            arguments: ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead.name)])
        try await Client.withPublisher(configuration, queues: [queue, dead]) { publisher in
            _ = await publisher.publish(Client.message("m", to: queue))
            let consumer = consumer(configuration, queue)
            let deadConsumer = self.consumer(configuration, dead)
            try await Client.whileRunning([{ try await consumer.run() }, { try await deadConsumer.run() }]) {
                let first = try await Client.take(1, from: queue.name, of: consumer)[0]
                #expect(!first.redelivered)
                await consumer.reject(first, requeue: true)

                let second = try await Client.take(1, from: queue.name, of: consumer)[0]
                #expect(second.redelivered)
                #expect(second.properties.headers["x-delivery-count"] == 1)
                await consumer.reject(second, requeue: false)
                #expect(consumer.unsettledCount == 0)

                let letter = try await Client.take(1, from: dead.name, of: deadConsumer)[0]
                #expect(letter.properties.messageID == "m")
                #expect(letter.properties.headers["x-first-death-reason"] == "rejected")
                await deadConsumer.acknowledge([letter])
            }
        }
    }

    @Test("Without acknowledgements no more messages come than the prefetch allows")
    func prefetch() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("prefetch")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            _ = await publisher.publish((0..<10).map { Client.message("m\($0)", to: queue) })
            let consumer = consumer(configuration, queue, prefetch: 3)
            let administration = AMQPAdministration(configuration: configuration, logger: Client.logger)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                let taken = try await Client.take(3, from: queue.name, of: consumer)
                #expect(consumer.bufferedBatch(queue: queue.name, max: 10) == nil)
                // The broker itself says that it keeps the other seven.
                #expect(try await administration.status(ofQueue: queue.name)?.messageCount == 7)

                await consumer.acknowledge([taken[1]])
                let next = try await consumer.nextBatch(queue: queue.name, max: 10)
                #expect(next.deliveries.map(\.properties.messageID) == ["m3"])
                #expect(try await administration.status(ofQueue: queue.name)?.messageCount == 6)
            }
            await administration.close()
        }
    }

    @Test("Several queues can be taken together; each delivery still tells which one it came from")
    func combined() async throws {
        let configuration = try await Client.configuration()
        let queues = [Client.quorumQueue("combined"), Client.quorumQueue("combined")]
        try await Client.withPublisher(configuration, queues: queues) { publisher in
            _ = await publisher.publish(
                [queues[0], queues[0], queues[0], queues[1]].map { Client.message("of \($0.name)", to: $0) })
            let consumer = AMQPConsumer(
                configuration: configuration,
                plan: AMQPSubscriptionPlan(first: queues.map { AMQPSubscription(queue: $0.name) }),
                topology: AMQPTopology(queues: queues), combinedAs: "both", logger: Client.logger)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                let taken = try await Client.take(4, from: "both", of: consumer)
                #expect(Set(taken.map(\.queue)) == Set(queues.map(\.name)))
                #expect(taken.allSatisfy { $0.properties.messageID == "of \($0.queue)" })
                #expect(consumer.bufferedBatch(queue: queues[0].name, max: 10) == nil)
                await consumer.acknowledge(taken)
                #expect(consumer.unsettledCount == 0)
            }
        }
    }

    @Test("After a reconnect unsettled messages come again, and acknowledgements of the old ones have no effect")
    func redeliveryAfterReconnect() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("reconnect")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            _ = await publisher.publish((0..<5).map { Client.message("m\($0)", to: queue) })
            let consumer = consumer(configuration, queue)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                let first = try await Client.take(5, from: queue.name, of: consumer)
                await consumer.acknowledge(Array(first[..<2]))
                consumer.reconnect()

                let second = try await Client.take(3, from: queue.name, of: consumer)
                #expect(second.map(\.properties.messageID) == ["m2", "m3", "m4"])
                #expect(second.allSatisfy { $0.redelivered })
                #expect(second[0].connectionEpoch > first[0].connectionEpoch)

                // The tags of `first` name deliveries of `second` now; acknowledging them must settle nothing.
                await consumer.acknowledge(first)
                #expect(consumer.unsettledCount == 3)
                consumer.reconnect()
                let third = try await Client.take(3, from: queue.name, of: consumer)
                #expect(third.map(\.properties.messageID) == ["m2", "m3", "m4"])
                await consumer.acknowledge(third)
            }
        }
    }

    @Test("Stopping gives out nothing more, waits for what was taken to be settled, and loses nothing")
    func gracefulStop() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("stop")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            _ = await publisher.publish((0..<6).map { Client.message("m\($0)", to: queue) })
            let consumer = consumer(configuration, queue)
            let administration = AMQPAdministration(configuration: configuration, logger: Client.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await consumer.run() }
                try await consumer.waitUntilConnected()
                let taken = try await Client.take(2, from: queue.name, of: consumer)
                consumer.stop(settlingWithin: Client.patience)
                let error = await #expect(throws: AMQPError.self) {
                    try await consumer.nextBatch(queue: queue.name, max: 10)
                }
                #expect(error?.code == .stopped)
                #expect(consumer.isConnected)
                await consumer.acknowledge(taken)
                try await group.waitForAll()
            }
            #expect(!consumer.isConnected)
            // A closed connection's messages are back only once the queue has noticed; a consumer waits for them.
            let next = self.consumer(configuration, queue)
            try await Client.whileRunning([{ try await next.run() }]) {
                let rest = try await Client.take(4, from: queue.name, of: next)
                #expect(rest.map(\.properties.messageID) == ["m2", "m3", "m4", "m5"])
                await next.acknowledge(rest)
            }
            await administration.close()
        }
    }

    @Test("Stopping ends a consumer that has no connection, too")
    func stopWithoutBroker() async throws {
        let configuration = AMQPConfiguration(
            endpoints: [AMQPEndpoint(host: "127.0.0.1", port: 1)], username: "guest", password: "guest")
        let consumer = AMQPConsumer(
            configuration: configuration, subscriptions: [AMQPSubscription(queue: "none")], logger: Client.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await consumer.run() }
            let hasFailed = try await consumer.waitUntil(timeout: Client.patience) { $0.lastError != nil }
            #expect(hasFailed)
            consumer.stop(settlingWithin: Client.patience)
            try await group.waitForAll()
        }
        let error = await #expect(throws: AMQPError.self) { try await consumer.nextBatch(queue: "none", max: 1) }
        #expect(error?.code == .stopped)
    }

    @Test("A cancelled wait for a batch ends, and loses no message")
    func cancelledWait() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("cancelled")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let consumer = consumer(configuration, queue)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                try await consumer.waitUntilConnected()
                // Unstructured, because a child task cannot be cancelled alone; it is awaited below.
                let waiting = Task { try await consumer.nextBatch(queue: queue.name, max: 1) }
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
                _ = await publisher.publish(Client.message("m", to: queue))
                let taken = try await Client.take(1, from: queue.name, of: consumer)
                #expect(taken.map(\.properties.messageID) == ["m"])
                await consumer.acknowledge(taken)
            }
        }
    }

    @Test("A subscription can be added to a live connection")
    func lateSubscription() async throws {
        let configuration = try await Client.configuration()
        let (queue, late) = (Client.quorumQueue("early"), Client.quorumQueue("late"))
        try await Client.withPublisher(configuration, queues: [queue, late]) { publisher in
            let consumer = consumer(configuration, queue)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                try await consumer.waitUntilConnected()
                try await consumer.subscribe(
                    AMQPSubscription(queue: late.name), topology: AMQPTopology(queues: [late]))
                for target in [queue, late] {
                    _ = await publisher.publish(Client.message("for \(target.name)", to: target))
                    let taken = try await Client.take(1, from: target.name, of: consumer)
                    #expect(taken.map(\.properties.messageID) == ["for \(target.name)"])
                    await consumer.acknowledge(taken)
                }
                #expect(consumer.status.connectionCount == 1)

                consumer.reconnect()
                _ = await publisher.publish(Client.message("again", to: late))
                let taken = try await Client.take(1, from: late.name, of: consumer)
                #expect(taken.map(\.properties.messageID) == ["again"])
                await consumer.acknowledge(taken)
            }
        }
    }

    @Test("Subscribing anew in another order moves single active consumers between processes")
    func singleActiveConsumers() async throws {
        let configuration = try await Client.configuration()
        let queues = ["left", "right"].map {
            Client.quorumQueue($0, arguments: ["x-single-active-consumer": true])
        }
        let subscriptions = queues.map { AMQPSubscription(queue: $0.name) }
        try await Client.withPublisher(configuration, queues: queues) { publisher in
            let one = AMQPConsumer(
                configuration: configuration, subscriptions: subscriptions, logger: Client.logger)
            let two = AMQPConsumer(
                configuration: configuration, subscriptions: subscriptions, logger: Client.logger)
            func expect(_ queue: AMQPQueue, at consumer: AMQPConsumer) async throws {
                _ = await publisher.publish(Client.message("m", to: queue))
                let taken = try await Client.take(1, from: queue.name, of: consumer)
                await consumer.acknowledge(taken)
            }
            try await Client.whileRunning([{ try await one.run() }]) {
                try await one.waitUntilConnected()
                try await Client.whileRunning([{ try await two.run() }]) {
                    try await two.waitUntilConnected()
                    for queue in queues {
                        try await expect(queue, at: one)
                    }
                    // The second takes over what the first lets go; after the delay the first stands by for it.
                    one.reconnect(
                        AMQPSubscriptionPlan(
                            first: [subscriptions[0]], second: [subscriptions[1]], delay: .milliseconds(200)),
                        settlingWithin: .seconds(5))
                    try await expect(queues[1], at: two)
                    two.reconnect(
                        AMQPSubscriptionPlan(
                            first: [subscriptions[1]], second: [subscriptions[0]], delay: .milliseconds(200)))
                    try await expect(queues[0], at: one)
                }
                // The second is gone, so its share falls to the one that stood by.
                try await expect(queues[1], at: one)
            }
        }
    }

    @Test("A queue that the broker names follows its connection")
    func temporaryQueue() async throws {
        let configuration = try await Client.configuration()
        let exchange = AMQPExchange(
            name: TestBroker.uniqueName("events"), kind: .fanout, durable: false, autoDelete: true)
        let topology = AMQPTopology(
            exchanges: [exchange], queues: [.temporary],
            bindings: [AMQPBinding(exchange: exchange.name, queue: "", routingKey: "")])
        try await Client.withPublisher(configuration, queues: []) { publisher in
            let listeners = (0..<2).map { _ in
                AMQPConsumer(
                    configuration: configuration, subscriptions: [AMQPSubscription(queue: "")], topology: topology,
                    logger: Client.logger)
            }
            try await Client.whileRunning([{ try await listeners[0].run() }, { try await listeners[1].run() }]) {
                for round in 1...2 {
                    for listener in listeners {
                        let isUp = try await listener.waitUntil(timeout: Client.patience) {
                            $0.isConnected && $0.connectionCount == round
                        }
                        try #require(isUp)
                    }
                    let result = await publisher.publish(
                        AMQPMessage(exchange: exchange.name, routingKey: "any", body: [UInt8(round)]))
                    #expect(result.isConfirmed)
                    for listener in listeners {
                        let taken = try await Client.take(1, from: "", of: listener)
                        #expect(taken.map(\.body) == [[UInt8(round)]])
                        await listener.acknowledge(taken)
                    }
                    for listener in listeners {
                        listener.reconnect()
                    }
                }
            }
        }
    }

    @Test("A consumer whose queue is deleted declares it anew and goes on")
    func deletedQueue() async throws {
        let configuration = try await Client.configuration()
        let queue = Client.quorumQueue("deleted")
        try await Client.withPublisher(configuration, queues: [queue]) { publisher in
            let consumer = consumer(configuration, queue)
            let administration = AMQPAdministration(configuration: configuration, logger: Client.logger)
            try await Client.whileRunning([{ try await consumer.run() }]) {
                try await consumer.waitUntilConnected()
                try await administration.delete(queue: queue.name)
                let isBack = try await consumer.waitUntil(timeout: Client.patience) {
                    $0.isConnected && $0.connectionCount == 2
                }
                #expect(isBack)
                #expect(consumer.status.lastError?.code == .consumerCancelled)
                let result = await publisher.publish(Client.message("m", to: queue))
                #expect(result.isConfirmed)
                let taken = try await Client.take(1, from: queue.name, of: consumer)
                await consumer.acknowledge(taken)
            }
            await administration.close()
        }
    }
}
