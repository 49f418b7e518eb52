/// What a consumer knows: its subscriptions, its connection, the deliveries that wait for a caller and the callers that
/// wait for a delivery.
struct AMQPConsumerState: Sendable {
    /// A caller of `nextBatch`.
    struct Waiter: Sendable {
        let id: UInt64
        let max: Int
        let continuation: CheckedContinuation<AMQPBatch, any Error>
    }

    /// The wish to end the present connection.
    struct Request: Sendable {
        let ending: ReconnectLoop.Ending
        let settleTimeout: Duration
    }

    static var stoppedError: AMQPError {
        AMQPError(.stopped, "the consumer was stopped")
    }

    var plan: AMQPSubscriptionPlan
    var topology: AMQPTopology
    var status = AMQPConnectionStatus()
    var connection: AMQPConnection?
    /// The consumer tags that were started on the connection.
    var active: Set<String> = []
    /// The tags that the caller has taken and not settled.
    var unsettled: Set<UInt64> = []
    var request: Request?
    var isStopped = false

    /// What the deliveries of all queues are taken as; nil when each queue's are taken by themselves.
    private let combinedName: String?
    private var buffers = DeliveryBuffers()
    private var waiters: [String: [Waiter]] = [:]
    private var lastWaiterID: UInt64 = 0

    init(plan: AMQPSubscriptionPlan, topology: AMQPTopology, combinedAs name: String? = nil) {
        combinedName = name
        self.plan = plan
        self.topology = topology
    }

    /// A connection takes the place of the last one.
    mutating func begin(_ connection: AMQPConnection) {
        end()
        self.connection = connection
        if !isStopped {
            request = nil
        }
    }

    /// The connection is gone, and with it everything that it delivered.
    mutating func end() {
        connection = nil
        active = []
        unsettled = []
        buffers = DeliveryBuffers()
    }

    mutating func nextWaiterID() -> UInt64 {
        lastWaiterID += 1
        return lastWaiterID
    }

    /// Buffers deliveries, and returns the callers that got a batch.
    mutating func buffer(_ deliveries: [AMQPDelivery]) -> [(Waiter, AMQPBatch)] {
        for delivery in deliveries where delivery.connectionEpoch == connection?.epoch {
            buffers.append(delivery)
        }
        var served: [(Waiter, AMQPBatch)] = []
        for queue in Set(deliveries.map { combinedName ?? $0.queue }) {
            while let waiter = waiters[queue]?.first, let batch = take(max: waiter.max, queue: queue) {
                waiters[queue]?.removeFirst()
                served.append((waiter, batch))
            }
        }
        return served
    }

    /// Takes a batch out of a buffer. None is given out once the connection is to end.
    mutating func take(max: Int, queue: String) -> AMQPBatch? {
        guard request == nil else {
            return nil
        }
        let deliveries = queue == combinedName ? buffers.takeInTurn(max) : buffers.take(max, of: queue)
        guard !deliveries.isEmpty else {
            return nil
        }
        unsettled.formUnion(deliveries.map(\.deliveryTag))
        return AMQPBatch(queue: queue, deliveries: deliveries)
    }

    /// Takes a batch for a caller, or lets it wait and returns `nil`.
    mutating func takeOrWait(_ waiter: Waiter, queue: String) -> Result<AMQPBatch, any Error>? {
        if isStopped {
            return .failure(Self.stoppedError)
        }
        // Those who wait already come first.
        if waiters[queue, default: []].isEmpty, let batch = take(max: waiter.max, queue: queue) {
            return .success(batch)
        }
        waiters[queue, default: []].append(waiter)
        return nil
    }

    mutating func removeWaiter(_ id: UInt64, queue: String) -> Waiter? {
        guard let index = waiters[queue]?.firstIndex(where: { $0.id == id }) else {
            return nil
        }
        return waiters[queue]?.remove(at: index)
    }

    mutating func removeAllWaiters() -> [Waiter] {
        defer { waiters = [:] }
        return waiters.values.flatMap(\.self)
    }
}
