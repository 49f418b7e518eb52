/// Exchanges, queues and bindings that are declared together. Declaring is idempotent: what exists with the same
/// settings stays as it is, and what exists with others makes the declaration fail with reply code 406.
public struct AMQPTopology: Sendable, Equatable {
    /// The exchanges, declared first.
    public var exchanges: [AMQPExchange]
    /// The queues, declared second. One of them at most may have the empty name: it is declared last, so that the empty
    /// name in a binding or subscription means it (AMQP 0-9-1, `queue.bind`, "the last declared queue").
    public var queues: [AMQPQueue]
    /// The bindings, declared third.
    public var bindings: [AMQPBinding]

    /// Creates a topology.
    public init(exchanges: [AMQPExchange] = [], queues: [AMQPQueue] = [], bindings: [AMQPBinding] = []) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }

    /// The queues in the order in which they are declared.
    var queuesInOrder: [AMQPQueue] {
        queues.filter { !$0.name.isEmpty } + queues.filter(\.name.isEmpty)
    }

    /// Adds what `other` declares and this topology does not.
    public mutating func merge(_ other: AMQPTopology) {
        exchanges += other.exchanges.filter { !exchanges.contains($0) }
        queues += other.queues.filter { !queues.contains($0) }
        bindings += other.bindings.filter { !bindings.contains($0) }
    }
}
