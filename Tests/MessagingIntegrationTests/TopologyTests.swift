import AMQP
import Contracts
import Foundation
import Testing

@testable import Messaging

/// The queues that a service declares, and what the broker makes of them.
@Suite("Topology", .timeLimit(.minutes(5)))
struct TopologyTests {
    private func topology(partitions: Int = 0) -> MessagingTopology {
        var definition = MessagingScene.stockDefinition(partitions: partitions)
        definition.on(OrderNotedHandler(process: "one", witness: Witness()))
        definition.on(NoteOrderHandler(process: "one"))
        definition.answer(WriteNoteHandler(witness: Witness()))
        return MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy)
    }

    @Test("Commands and events share a queue, requests have one, and each stock partition has one")
    func queues() {
        let topology = topology(partitions: 3)
        #expect(topology.messageQueue == "ticketing.messages")
        #expect(topology.requestQueue == "ticketing.requests")
        #expect(topology.partitionQueues == (0..<3).map { "ticketing.inventory.\($0)" })
        #expect(
            Set(topology.topology.queues.map(\.name)) == [
                "ticketing.messages", "ticketing.messages.dead-letters", "ticketing.requests",
                "ticketing.inventory.0", "ticketing.inventory.0.dead-letters", "ticketing.inventory.1",
                "ticketing.inventory.1.dead-letters", "ticketing.inventory.2", "ticketing.inventory.2.dead-letters",
                "ticketing.retry.100", "ticketing.retry.300", "ticketing.retry.600",
            ])
        let bindings = topology.topology.bindings
        func isBound(_ exchange: String, _ queue: String, _ key: String) -> Bool {
            bindings.contains(AMQPBinding(exchange: exchange, queue: queue, routingKey: key))
        }
        #expect(isBound("voelgoed.commands", "ticketing.messages", NoteOrder.name))
        #expect(isBound("voelgoed.events", "ticketing.messages", OrderNoted.name))
        #expect(isBound("voelgoed.requests", "ticketing.requests", "ticketing"))
        #expect(isBound("voelgoed.inventory", "ticketing.inventory.2", "1"))
        // A stock command arrives over its partition and nowhere else.
        #expect(!bindings.contains { $0.routingKey == ChangeStock.name })
    }

    @Test("Every queue that outlives its connection is a quorum queue: none is away with the one node that holds it")
    func replicated() {
        for queue in topology(partitions: 3).topology.queues {
            #expect(queue.durable && queue.arguments["x-queue-type"] == "quorum", "\(queue.name)")
        }
    }

    @Test("A service that takes no messages declares the shared exchanges and nothing else")
    func silent() {
        let topology = MessagingTopology(definition: ServiceDefinition(name: .gateway, migrations: []))
        #expect(topology.topology == MessagingTopology.exchanges)
        #expect(topology.messageQueue == nil && topology.requestQueue == nil && topology.partitionQueues.isEmpty)
    }

    @Test("The broker gives a message up to the dead letters when it was delivered too often")
    func deliveryLimit() async throws {
        try await MessagingScene.with { scene in
            try await scene.administration.declare(topology().topology)
            let message = try MessagingScene.wire(NoteOrder(label: "a"))
            try await scene.publish([message])
            var deliveries = 0
            while let fetched = try await scene.administration.fetch(queue: MessagingScene.queue) {
                deliveries += 1
                await scene.administration.reject(fetched.delivery, requeue: true)
            }
            #expect(deliveries == Int(MessagingTopology.deliveryLimit) + 1)
            let dead = try await scene.take(from: MessagingScene.deadLetters)
            #expect(dead.properties.messageID == message.envelope.id.uuidString.lowercased())
            guard case .array(let deaths) = dead.properties.headers["x-death"], case .table(let death) = deaths.first
            else {
                Issue.record("the broker's reason is missing: \(dead.properties.headers)")
                return
            }
            #expect(death["reason"] == "delivery_limit")
            #expect(death["queue"] == "ticketing.messages")
        }
    }

    @Test("A rest holds a message for its time and gives it back to the queue that it came from")
    func rest() async throws {
        try await MessagingScene.with { scene in
            try await scene.administration.declare(topology().topology)
            var message = MessagingScene.message(try MessagingScene.wire(NoteOrder(label: "a")))
            message.exchange = MessagingTopology.retryExchangeName(MessagingScene.service, after: .milliseconds(600))
            message.routingKey = MessagingScene.queue
            let start = ContinuousClock.now
            try await scene.publish([message])
            #expect(try await scene.take(from: MessagingScene.queue).body == message.body)
            #expect(ContinuousClock.now - start >= .milliseconds(600))
        }
    }

    @Test("A partition delivers to one consumer at a time")
    func singleActiveConsumer() async throws {
        try await MessagingScene.with { scene in
            let declared = topology(partitions: 1).topology
            let queue = "ticketing.inventory.0"
            func consumer() -> AMQPConsumer {
                AMQPConsumer(
                    configuration: scene.broker, subscriptions: [AMQPSubscription(queue: queue, prefetch: 1)],
                    topology: declared, logger: MessagingScene.logger)
            }
            let (active, standby) = (consumer(), consumer())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await active.run() }
                try await active.waitUntilConnected()
                group.addTask { try await standby.run() }
                try await standby.waitUntilConnected()
                let messages = try (0..<2).map { number in
                    var message = MessagingScene.message(try MessagingScene.wire(NoteOrder(label: "\(number)")))
                    (message.exchange, message.routingKey) = ("", queue)
                    return message
                }
                try await scene.publish(messages)
                // A prefetch of one would let a second consumer have the second message.
                let first = try await active.nextBatch(queue: queue, max: 10)
                #expect(first.deliveries.map(\.body) == [messages[0].body])
                #expect(standby.bufferedBatch(queue: queue, max: 10) == nil)
                await active.acknowledge(first.deliveries)
                let second = try await active.nextBatch(queue: queue, max: 10)
                #expect(second.deliveries.map(\.body) == [messages[1].body])
                // The standby takes over at once.
                active.stop(settlingWithin: .zero)
                let third = try await standby.nextBatch(queue: queue, max: 10)
                #expect(third.deliveries.map(\.body) == [messages[1].body])
                await standby.acknowledge(third.deliveries)
                standby.stop(settlingWithin: .seconds(5))
                try await group.waitForAll()
            }
        }
    }
}
