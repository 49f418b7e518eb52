import AMQP
import TestSupport
import Testing

@Suite("Administration", .timeLimit(.minutes(5)))
struct AdministrationTests {
    @Test("A queue can be declared, filled, inspected, fetched from, purged and deleted")
    func lifeOfAQueue() async throws {
        let administration = AMQPAdministration(
            configuration: try await Client.configuration(), logger: Client.logger)
        let queue = Client.quorumQueue("life")
        #expect(try await administration.status(ofQueue: queue.name) == nil)
        try await administration.declare(AMQPTopology(queues: [queue]))
        #expect(try await administration.fetch(queue: queue.name) == nil)

        let results = try await administration.publish((0..<4).map { Client.message("m\($0)", to: queue) })
        #expect(results.allSatisfy { $0.isConfirmed })
        #expect(try await administration.status(ofQueue: queue.name)?.messageCount == 4)

        let first = try #require(try await administration.fetch(queue: queue.name))
        #expect(first.delivery.properties.messageID == "m0")
        #expect(first.remaining == 3)
        let second = try #require(try await administration.fetch(queue: queue.name))
        await administration.acknowledge([first.delivery])
        await administration.reject(second.delivery, requeue: true)
        // A requeued message may come back behind others.
        var redelivered: [String: Bool] = [:]
        while redelivered.count < 3 {
            if let next = try await administration.fetch(queue: queue.name)?.delivery {
                redelivered[next.properties.messageID ?? ""] = next.redelivered
                await administration.acknowledge([next])
            }
        }
        #expect(redelivered == ["m1": true, "m2": false, "m3": false])

        _ = try await administration.publish((0..<2).map { Client.message("p\($0)", to: queue) })
        #expect(try await administration.purge(queue: queue.name) == 2)
        try await administration.delete(queue: queue.name)
        #expect(try await administration.status(ofQueue: queue.name) == nil)
        await administration.close()
    }

    @Test("A message moves from one queue to another without being lost on the way")
    func replay() async throws {
        let administration = AMQPAdministration(
            configuration: try await Client.configuration(), logger: Client.logger)
        let (dead, live) = (Client.quorumQueue("dead"), Client.quorumQueue("live"))
        try await administration.declare(AMQPTopology(queues: [dead, live]))
        _ = try await administration.publish([Client.message("m", to: dead)])
        let letter = try #require(try await administration.fetch(queue: dead.name))
        let moved = try await administration.publish([
            AMQPMessage(routingKey: live.name, properties: letter.delivery.properties, body: letter.delivery.body)
        ])
        #expect(moved.allSatisfy { $0.isConfirmed })
        await administration.acknowledge([letter.delivery])
        #expect(try await administration.delete(queue: dead.name) == 0)
        #expect(try await administration.delete(queue: live.name) == 1)
        await administration.close()
    }

    @Test("Declaring a queue again succeeds with the same arguments and fails with others")
    func declaringAgain() async throws {
        let administration = AMQPAdministration(
            configuration: try await Client.configuration(), logger: Client.logger)
        var queue = Client.quorumQueue("again", arguments: ["x-delivery-limit": 10])
        try await administration.declare(AMQPTopology(queues: [queue]))
        try await administration.declare(AMQPTopology(queues: [queue]))
        queue.arguments["x-delivery-limit"] = 11
        let changed = queue
        let error = await #expect(throws: AMQPError.self) {
            try await administration.declare(AMQPTopology(queues: [changed]))
        }
        #expect(error?.replyCode == 406)
        #expect(error?.isRetriable == false)
        try await administration.delete(queue: queue.name)
        await administration.close()
    }

    @Test("Exchanges route by their bindings, and no longer once a binding is removed")
    func bindings() async throws {
        let administration = AMQPAdministration(
            configuration: try await Client.configuration(), logger: Client.logger)
        let queue = Client.quorumQueue("bound")
        let (outer, inner) = (
            AMQPExchange(name: TestBroker.uniqueName("outer"), kind: .topic),
            AMQPExchange(name: TestBroker.uniqueName("inner"), kind: .fanout, isInternal: true)
        )
        let link = AMQPBinding(exchange: outer.name, destination: .exchange(inner.name), routingKey: "a.*")
        try await administration.declare(
            AMQPTopology(
                exchanges: [outer, inner], queues: [queue],
                bindings: [link, AMQPBinding(exchange: inner.name, queue: queue.name, routingKey: "")]))
        func publish(_ key: String) async throws -> AMQPPublishResult? {
            try await administration.publish([AMQPMessage(exchange: outer.name, routingKey: key, body: [])]).first
        }
        #expect(try await publish("a.b")?.isConfirmed == true)
        #expect(try await publish("b.a")?.error?.code == .unroutable)
        try await administration.unbind(link)
        #expect(try await publish("a.b")?.error?.code == .unroutable)
        try await administration.bind(link)
        #expect(try await publish("a.b")?.isConfirmed == true)
        try await administration.delete(queue: queue.name)
        try await administration.delete(exchange: outer.name)
        try await administration.delete(exchange: inner.name)
        await administration.close()
    }
}
