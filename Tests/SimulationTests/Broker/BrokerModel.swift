import AMQP
import Contracts

/// RabbitMQ as far as the platform relies on it, as a pure value in virtual time: what is published is routed, arrives
/// late and out of order, sometimes twice, and comes back when it is not acknowledged.
struct BrokerModel {
    /// What can go wrong, each as a probability.
    struct Faults: Sendable {
        /// How long a message takes to arrive, in milliseconds.
        var delay = 1...20
        /// Some messages take much longer.
        var slow = 0.0
        var slowDelay = 100...4000
        /// A message arrives twice, as after a publisher that was not sure.
        var duplicate = 0.0
        /// The publisher is not told.
        var unconfirmed = 0.0

        static let none = Faults()
    }

    /// A queue that has, or will have, a message to take.
    struct Arrival: Equatable {
        let queue: String
        let time: Timestamp
    }

    private struct Stored {
        let number: UInt64
        let message: AMQPMessage
        var availableAt: Timestamp
        var deliveries = 0
    }

    private struct Queue {
        let declared: AMQPQueue
        var ready: [Stored] = []
        /// The connections that consume, in the order in which they came.
        var consumers: [UInt64] = []

        var isSingleActive: Bool { declared.arguments["x-single-active-consumer"] == .bool(true) }
    }

    private struct Lent {
        let queue: String
        let connection: UInt64
        let stored: Stored
    }

    var faults: Faults
    private var random: SeededGenerator
    private var exchanges: [String: AMQPExchange] = [:]
    private var bindings: [AMQPBinding] = []
    private var queues: [String: Queue] = [:]
    private var lent: [UInt64: Lent] = [:]
    private var lastNumber: UInt64 = 0

    init(random: SeededGenerator, faults: Faults = .none) {
        self.random = random
        self.faults = faults
    }

    mutating func declare(_ topology: AMQPTopology) {
        for exchange in topology.exchanges { exchanges[exchange.name] = exchange }
        for queue in topology.queues where queues[queue.name] == nil { queues[queue.name] = Queue(declared: queue) }
        for binding in topology.bindings where !bindings.contains(binding) { bindings.append(binding) }
    }

    // MARK: Publishing

    /// Takes a message.
    /// - Returns: whether the publisher hears that it is safe, and what there is to take where. An unconfirmed message may
    ///   have arrived nevertheless.
    mutating func publish(_ message: AMQPMessage, at now: Timestamp) -> (isConfirmed: Bool, arrivals: [Arrival]) {
        let targets = route(message.exchange, message.routingKey)
        guard !targets.isEmpty else { return (!message.mandatory, []) }
        let isConfirmed = !random.chance(faults.unconfirmed)
        if !isConfirmed, random.chance(0.5) { return (false, []) }
        var arrivals: [Arrival] = []
        for queue in targets {
            arrivals += store(message, in: queue, after: .zero, at: now)
            if random.chance(faults.duplicate) { arrivals += store(message, in: queue, after: .zero, at: now) }
        }
        return (isConfirmed, arrivals)
    }

    private func route(_ exchangeName: String, _ routingKey: String) -> [String] {
        guard !exchangeName.isEmpty else { return queues[routingKey] == nil ? [] : [routingKey] }
        guard let exchange = exchanges[exchangeName] else { return [] }
        let bound = bindings.filter { $0.exchange == exchangeName }
        switch exchange.kind {
        case .fanout: return bound.compactMap(\.queue)
        case .consistentHash:
            let candidates = bound.compactMap(\.queue)
            guard !candidates.isEmpty else { return [] }
            let hash = routingKey.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
                ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
            }
            return [candidates[Int(hash % UInt64(candidates.count))]]
        default: return bound.filter { $0.routingKey == routingKey }.compactMap(\.queue)
        }
    }

    private mutating func store(
        _ message: AMQPMessage, in name: String, after rest: Duration, at now: Timestamp
    ) -> [Arrival] {
        guard let queue = queues[name] else { return [] }
        // Nobody consumes a queue with a time to live: it only holds messages back until they expire into the next.
        if let timeToLive = queue.declared.arguments["x-message-ttl"]?.int64 {
            return deadLetter(message, from: queue.declared, after: rest + .milliseconds(timeToLive), at: now)
        }
        let delay = random.chance(faults.slow) ? faults.slowDelay : faults.delay
        lastNumber += 1
        let stored = Stored(
            number: lastNumber, message: message, availableAt: now + rest + random.milliseconds(in: delay))
        queues[name]?.ready.append(stored)
        return [Arrival(queue: name, time: stored.availableAt)]
    }

    private mutating func deadLetter(
        _ message: AMQPMessage, from queue: AMQPQueue, after rest: Duration, at now: Timestamp
    ) -> [Arrival] {
        guard let exchange = queue.arguments["x-dead-letter-exchange"]?.string else { return [] }
        let routingKey = queue.arguments["x-dead-letter-routing-key"]?.string ?? message.routingKey
        return route(exchange, routingKey).flatMap { store(message, in: $0, after: rest, at: now) }
    }

    // MARK: Consuming

    mutating func consume(_ queue: String, over connection: UInt64) {
        guard let consumers = queues[queue]?.consumers, !consumers.contains(connection) else { return }
        queues[queue]?.consumers.append(connection)
    }

    /// Lends messages that have arrived, in the order of their arrival. Of a queue with a single active consumer, only the
    /// oldest connection gets any.
    mutating func take(_ name: String, over connection: UInt64, limit: Int, at now: Timestamp) -> [AMQPDelivery] {
        guard var queue = queues[name], queue.consumers.contains(connection),
            !queue.isSingleActive || queue.consumers.first == connection
        else { return [] }
        let arrived = queue.ready.filter { $0.availableAt <= now }
            .sorted { ($0.availableAt, $0.number) < ($1.availableAt, $1.number) }
            .prefix(limit)
        guard !arrived.isEmpty else { return [] }
        let taken = Set(arrived.map(\.number))
        queue.ready.removeAll { taken.contains($0.number) }
        queues[name] = queue
        return arrived.map { stored in
            lastNumber += 1
            lent[lastNumber] = Lent(queue: name, connection: connection, stored: stored)
            return AMQPDelivery(
                queue: name, consumerTag: name, deliveryTag: lastNumber, connectionEpoch: connection,
                redelivered: stored.deliveries > 0, exchange: stored.message.exchange,
                routingKey: stored.message.routingKey, properties: stored.message.properties,
                body: stored.message.body)
        }
    }

    /// Forgets messages. Deliveries of a connection that has ended are no longer anybody's to acknowledge.
    mutating func acknowledge(_ deliveries: [AMQPDelivery]) {
        for delivery in deliveries where lent[delivery.deliveryTag]?.connection == delivery.connectionEpoch {
            lent[delivery.deliveryTag] = nil
        }
    }

    mutating func giveBack(_ delivery: AMQPDelivery, at now: Timestamp) -> [Arrival] {
        guard lent[delivery.deliveryTag]?.connection == delivery.connectionEpoch,
            let loan = lent.removeValue(forKey: delivery.deliveryTag)
        else { return [] }
        return requeue(loan, at: now)
    }

    /// Ends a connection: everything that it was lent comes back.
    mutating func disconnect(_ connection: UInt64, at now: Timestamp) -> [Arrival] {
        for name in queues.keys.sorted() { queues[name]?.consumers.removeAll { $0 == connection } }
        let tags = lent.filter { $0.value.connection == connection }.keys.sorted()
        return tags.flatMap { tag in lent.removeValue(forKey: tag).map { requeue($0, at: now) } ?? [] }
    }

    private mutating func requeue(_ loan: Lent, at now: Timestamp) -> [Arrival] {
        var stored = loan.stored
        stored.deliveries += 1
        guard let declared = queues[loan.queue]?.declared else { return [] }
        if let limit = declared.arguments["x-delivery-limit"]?.int64, stored.deliveries > limit {
            return deadLetter(stored.message, from: declared, after: .zero, at: now)
        }
        stored.availableAt = now + random.milliseconds(in: faults.delay)
        queues[loan.queue]?.ready.append(stored)
        return [Arrival(queue: loan.queue, time: stored.availableAt)]
    }

    // MARK: Looking

    /// Connections that may take from the queue now.
    func takers(of name: String) -> [UInt64] {
        guard let queue = queues[name] else { return [] }
        return queue.isSingleActive ? Array(queue.consumers.prefix(1)) : queue.consumers
    }

    func hasReady(_ name: String, at now: Timestamp) -> Bool {
        queues[name]?.ready.contains { $0.availableAt <= now } ?? false
    }

    var queueNames: [String] { queues.keys.sorted() }

    func readyCount(_ name: String) -> Int { queues[name]?.ready.count ?? 0 }

    /// How many messages there are in all queues but those of dead letters.
    var messagesUnderWay: Int {
        lent.count + queues.filter { !$0.key.hasSuffix(".dead-letters") }.reduce(0) { $0 + $1.value.ready.count }
    }

    /// What was given up, with its queue.
    var deadLetters: [(queue: String, message: AMQPMessage)] {
        queues.keys.filter { $0.hasSuffix(".dead-letters") }.sorted().flatMap { name in
            (queues[name]?.ready ?? []).map { (name, $0.message) }
        }
    }
}

extension AMQPBinding {
    fileprivate var queue: String? {
        if case .queue(let name) = destination { name } else { nil }
    }
}
