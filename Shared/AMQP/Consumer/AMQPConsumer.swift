import Logging

/// Takes messages off queues. The caller pulls them in batches and settles them when it has handled them.
///
/// Deliveries wait in memory until they are pulled; the prefetch of each subscription bounds how many. What is not
/// settled when its connection ends is delivered again, so handling must be safe to repeat.
public final class AMQPConsumer: Sendable {
    let configuration: AMQPConfiguration
    let logger: Logger
    let state: Observed<AMQPConsumerState>

    /// Creates a consumer, which connects once it runs.
    ///
    /// - Parameters:
    ///   - plan: what to subscribe to, in which order.
    ///   - topology: declared on each connect, before the subscriptions.
    ///   - name: the deliveries of all queues are taken together, under this name in place of a queue's.
    public init(
        configuration: AMQPConfiguration, plan: AMQPSubscriptionPlan, topology: AMQPTopology = AMQPTopology(),
        combinedAs name: String? = nil, logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        state = Observed(AMQPConsumerState(plan: plan, topology: topology, combinedAs: name))
    }

    /// Creates a consumer that subscribes in the order of `subscriptions`.
    public convenience init(
        configuration: AMQPConfiguration, subscriptions: [AMQPSubscription], topology: AMQPTopology = AMQPTopology(),
        logger: Logger
    ) {
        self.init(
            configuration: configuration, plan: AMQPSubscriptionPlan(first: subscriptions), topology: topology,
            logger: logger)
    }

    /// The state of the connection.
    public var status: AMQPConnectionStatus {
        state.value.status
    }

    /// Whether a connection is up and the first group of subscriptions is active.
    public var isConnected: Bool {
        status.isConnected
    }

    /// How many deliveries the caller has taken and not settled.
    public var unsettledCount: Int {
        state.value.unsettled.count
    }

    /// Waits until the status meets a condition, for at most `timeout`, and returns whether it did.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntil(
        timeout: Duration, _ condition: @escaping @Sendable (AMQPConnectionStatus) -> Bool
    ) async throws -> Bool {
        try await state.wait(timeout: timeout) { condition($0.status) }
    }

    /// Waits until a connection is up and the first group of subscriptions is active.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntilConnected() async throws {
        try await state.wait { $0.status.isConnected }
    }

    /// Keeps the connection up until the task is cancelled or ``stop(settlingWithin:)`` is called, and then returns.
    /// Waiting calls of ``nextBatch(queue:max:)`` then throw ``AMQPError/Code/stopped``.
    ///
    /// - Throws: ``AMQPError/Code/invalidConfiguration`` at once; any other failure is met by connecting again.
    public func run() async throws {
        defer { finish() }
        let observer = ConnectionObserver(
            delivered: { deliveries in self.receive(deliveries) },
            blocked: { reason in self.state.update { $0.status.blockedReason = reason } },
            closed: { error in self.disconnected(error) })
        let loop = ReconnectLoop(configuration: configuration, logger: logger) { duration in
            try await self.state.wait(timeout: duration) { $0.isStopped }
        }
        try await loop.run(observer: observer, failed: { error in self.disconnected(error) }) { connection in
            try await self.serve(connection)
        }
    }

    /// Waits until `queue` has a delivery, and takes what is buffered for it, up to `max`.
    ///
    /// - Parameter queue: a queue as a subscription names it, or the name of all of them together.
    /// - Throws: ``AMQPError/Code/stopped`` once the consumer stops, or `CancellationError`.
    public func nextBatch(queue: String, max: Int) async throws -> AMQPBatch {
        let id = state.update { $0.nextWaiterID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.update { state -> Result<AMQPBatch, any Error>? in
                    // The cancellation handler may have run before the waiter is stored; nobody would resume it then.
                    if Task.isCancelled {
                        return .failure(CancellationError())
                    }
                    return state.takeOrWait(
                        AMQPConsumerState.Waiter(id: id, max: Swift.max(1, max), continuation: continuation),
                        queue: queue)
                }
                if let outcome {
                    continuation.resume(with: outcome)
                }
            }
        } onCancel: {
            let waiter = state.update { $0.removeWaiter(id, queue: queue) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Takes what is buffered for `queue`, up to `max`, without waiting; `nil` if there is nothing.
    public func bufferedBatch(queue: String, max: Int) -> AMQPBatch? {
        state.update { $0.take(max: Swift.max(1, max), queue: queue) }
    }

    /// Acknowledges deliveries, once their effects are durable. Deliveries of an earlier connection are skipped: the
    /// broker delivers those again.
    public func acknowledge(_ deliveries: [AMQPDelivery]) async {
        guard let (connection, tags) = current(deliveries) else {
            return
        }
        await connection.acknowledge(tags)
        settled(tags, on: connection)
    }

    /// Rejects a delivery: back to its queue, or to where the queue sends its dead letters. A delivery of an earlier
    /// connection is skipped.
    public func reject(_ delivery: AMQPDelivery, requeue: Bool) async {
        guard let (connection, tags) = current([delivery]) else {
            return
        }
        for tag in tags {
            await connection.reject(tag, requeue: requeue)
        }
        settled(tags, on: connection)
    }

    /// Adds a subscription, on the live connection if there is one, and on every later one.
    ///
    /// - Parameter topology: declared before the subscription, here and on each later connect.
    /// - Throws: what the broker answered. The subscription is kept all the same, and tried again on the next connect.
    public func subscribe(
        _ subscription: AMQPSubscription, topology: AMQPTopology = AMQPTopology()
    ) async throws(AMQPError) {
        let connection = state.update { state in
            state.plan.first.append(subscription)
            state.topology.merge(topology)
            return state.connection
        }
        guard let connection else {
            return
        }
        try await connection.declare(topology)
        try await start([subscription], on: connection)
    }

    /// Drops the connection and subscribes anew on another one, in a new order. This is how a single active consumer is
    /// given away: one cannot be cancelled and started again on the same channel.
    ///
    /// - Parameters:
    ///   - plan: the subscriptions from now on, or `nil` for the present ones.
    ///   - timeout: how long the caller gets to settle what it has taken; the rest is delivered again.
    public func reconnect(_ plan: AMQPSubscriptionPlan? = nil, settlingWithin timeout: Duration = .zero) {
        state.update { state in
            if let plan {
                state.plan = plan
            }
            if state.request == nil {
                state.request = AMQPConsumerState.Request(ending: .reconnect, settleTimeout: timeout)
            }
        }
    }

    /// Stops: no more batches are given out, the caller gets time to settle what it has taken, and then the connection
    /// is closed and ``run()`` returns.
    public func stop(settlingWithin timeout: Duration) {
        let waiters = state.update { state in
            state.request = AMQPConsumerState.Request(ending: .stop, settleTimeout: timeout)
            state.isStopped = true
            return state.removeAllWaiters()
        }
        Self.resumeAsStopped(waiters)
    }

    static func resumeAsStopped(_ waiters: [AMQPConsumerState.Waiter]) {
        for waiter in waiters {
            waiter.continuation.resume(throwing: AMQPConsumerState.stoppedError)
        }
    }
}
