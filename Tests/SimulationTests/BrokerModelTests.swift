import AMQP
import Contracts
import Messaging
import Testing

/// The broker in memory, as the platform relies on the real one.
@Suite("Broker model")
struct BrokerModelTests {
    private static let start = VirtualTime.beginning
    private static let later = start + .seconds(3600)

    private static func broker(_ faults: BrokerModel.Faults = .none) -> BrokerModel {
        var broker = BrokerModel(random: SeededGenerator(seed: 7), faults: faults)
        broker.declare(
            AMQPTopology(
                exchanges: [
                    AMQPExchange(name: "events", kind: .direct), AMQPExchange(name: "rest", kind: .fanout),
                    AMQPExchange(name: "stock", kind: .consistentHash),
                ],
                queues: [
                    AMQPQueue(name: "one", arguments: dying("one")), AMQPQueue(name: "two"),
                    AMQPQueue(name: "one.dead-letters"),
                    AMQPQueue(
                        name: "rest", arguments: ["x-message-ttl": .int64(5000), "x-dead-letter-exchange": ""]),
                    AMQPQueue(name: "first", arguments: ["x-single-active-consumer": true]),
                    AMQPQueue(name: "second"),
                ],
                bindings: [
                    AMQPBinding(exchange: "events", queue: "one", routingKey: "sold"),
                    AMQPBinding(exchange: "events", queue: "two", routingKey: "sold"),
                    AMQPBinding(exchange: "rest", queue: "rest", routingKey: ""),
                    AMQPBinding(exchange: "stock", queue: "first", routingKey: "1"),
                    AMQPBinding(exchange: "stock", queue: "second", routingKey: "1"),
                ]))
        return broker
    }

    private static func dying(_ name: String) -> [String: AMQPFieldValue] {
        [
            "x-delivery-limit": .int64(2), "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": .string("\(name).dead-letters"),
        ]
    }

    private static func message(_ exchange: String, _ key: String, _ id: String = "1") -> AMQPMessage {
        AMQPMessage(exchange: exchange, routingKey: key, properties: AMQPProperties(messageID: id), body: [])
    }

    @Test("An event reaches every bound queue, once, after its delay")
    func routing() {
        var broker = Self.broker()
        broker.consume("one", over: 1)
        broker.consume("two", over: 2)
        let (isConfirmed, arrivals) = broker.publish(Self.message("events", "sold"), at: Self.start)
        #expect(isConfirmed)
        #expect(Set(arrivals.map(\.queue)) == ["one", "two"])
        #expect(arrivals.allSatisfy { $0.time > Self.start })
        #expect(broker.take("one", over: 1, limit: 10, at: Self.start).isEmpty)
        #expect(broker.take("one", over: 1, limit: 10, at: Self.later).count == 1)
        #expect(broker.take("one", over: 1, limit: 10, at: Self.later).isEmpty)
        #expect(broker.take("two", over: 2, limit: 10, at: Self.later).count == 1)
    }

    @Test("What no queue takes is not confirmed, unless nobody has to take it")
    func unroutable() {
        var broker = Self.broker()
        #expect(!broker.publish(Self.message("events", "unknown"), at: Self.start).isConfirmed)
        let optional = AMQPMessage(exchange: "events", routingKey: "unknown", mandatory: false, body: [])
        #expect(broker.publish(optional, at: Self.start).isConfirmed)
        #expect(broker.messagesUnderWay == 0)
    }

    @Test("One key of the hash exchange always goes to one queue, and keys go to several")
    func hashing() {
        var broker = Self.broker()
        var queues: [String: Set<String>] = [:]
        for key in 0..<20 {
            for _ in 0..<3 {
                let arrivals = broker.publish(Self.message("stock", "key-\(key)"), at: Self.start).arrivals
                queues["key-\(key)", default: []].formUnion(arrivals.map(\.queue))
            }
        }
        #expect(queues.values.allSatisfy { $0.count == 1 })
        #expect(Set(queues.values.flatMap { $0 }) == ["first", "second"])
    }

    @Test("A queue with a time to live holds a message back and then gives it to the queue that its key names")
    func rest() {
        var broker = Self.broker()
        broker.consume("one", over: 1)
        let arrivals = broker.publish(Self.message("rest", "one"), at: Self.start).arrivals
        #expect(arrivals.map(\.queue) == ["one"])
        #expect(broker.take("one", over: 1, limit: 10, at: Self.start + .milliseconds(4999)).isEmpty)
        #expect(broker.take("one", over: 1, limit: 10, at: Self.start + .milliseconds(5050)).count == 1)
    }

    @Test("A lost connection gives everything back, and its acknowledgements count no more")
    func redelivery() {
        var broker = Self.broker()
        broker.consume("one", over: 1)
        _ = broker.publish(Self.message("events", "sold"), at: Self.start)
        let taken = broker.take("one", over: 1, limit: 10, at: Self.later)
        #expect(taken.map(\.redelivered) == [false])
        #expect(broker.disconnect(1, at: Self.later).map(\.queue) == ["one"])
        broker.acknowledge(taken)
        broker.consume("one", over: 2)
        let again = broker.take("one", over: 2, limit: 10, at: Self.later + .seconds(1))
        #expect(again.map(\.redelivered) == [true])
        broker.acknowledge(again)
        #expect(broker.disconnect(2, at: Self.later).isEmpty)
    }

    @Test("A message that comes back too often becomes a dead letter")
    func deliveryLimit() {
        var broker = Self.broker()
        _ = broker.publish(Self.message("events", "sold"), at: Self.start)
        for connection in UInt64(1)...3 {
            broker.consume("one", over: connection)
            let now = Self.later + .seconds(Int(connection))
            #expect(broker.take("one", over: connection, limit: 1, at: now).count == 1)
            _ = broker.disconnect(connection, at: now)
        }
        #expect(broker.readyCount("one") == 0)
        #expect(broker.deadLetters.map(\.queue) == ["one.dead-letters"])
    }

    @Test("A queue with a single active consumer serves the oldest connection only")
    func singleActiveConsumer() {
        var broker = Self.broker()
        broker.consume("first", over: 1)
        broker.consume("first", over: 2)
        _ = broker.publish(AMQPMessage(routingKey: "first", body: []), at: Self.start)
        #expect(broker.takers(of: "first") == [1])
        #expect(broker.take("first", over: 2, limit: 1, at: Self.later).isEmpty)
        _ = broker.disconnect(1, at: Self.later)
        #expect(broker.take("first", over: 2, limit: 1, at: Self.later).count == 1)
    }

    @Test("Faults happen: messages come late, twice and out of order, and publishers are not told")
    func faults() {
        var faults = BrokerModel.Faults()
        faults.delay = 1...500
        faults.duplicate = 0.2
        faults.unconfirmed = 0.2
        var broker = Self.broker(faults)
        broker.consume("two", over: 1)
        var unconfirmed: Set<String> = []
        for number in 0..<200 {
            let message = AMQPMessage(
                routingKey: "two", properties: AMQPProperties(messageID: String(number)), body: [])
            if !broker.publish(message, at: Self.start).isConfirmed { unconfirmed.insert(String(number)) }
        }
        let arrived = broker.take("two", over: 1, limit: 1000, at: Self.later).compactMap(\.properties.messageID)
        #expect(Set(arrived).count < arrived.count)
        #expect(arrived.compactMap { Int($0) } != arrived.compactMap { Int($0) }.sorted())
        // Some of the unconfirmed have arrived, some have not; every confirmed one has.
        #expect(!unconfirmed.isSubset(of: arrived) && !unconfirmed.isDisjoint(with: arrived))
        #expect(Set((0..<200).map(String.init)).subtracting(unconfirmed).isSubset(of: arrived))
    }

    @Test("The agenda gives things in the order of time, and of one instant in the order they were put down")
    func agenda() {
        var agenda = Agenda<Int>()
        var random = SeededGenerator(seed: 3)
        for number in 0..<300 { agenda.add(number, at: Self.start + .milliseconds(random.number(in: 0...40))) }
        var taken: [(time: Timestamp, action: Int)] = []
        while let next = agenda.takeFirst() { taken.append(next) }
        #expect(taken.count == 300)
        for (one, next) in zip(taken, taken.dropFirst()) {
            #expect(one.time < next.time || (one.time == next.time && one.action < next.action))
        }
    }
}
