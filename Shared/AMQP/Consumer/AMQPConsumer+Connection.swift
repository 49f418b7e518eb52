/// What a consumer does with its connections.
extension AMQPConsumer {
    /// Subscribes on a new connection and stays until it ends or is no longer wanted.
    func serve(_ connection: AMQPConnection) async throws -> ReconnectLoop.Ending {
        let (plan, topology) = state.update { state in
            state.begin(connection)
            return (state.plan, state.topology)
        }
        try await connection.declare(topology)
        try await start(plan.first, on: connection)
        state.update { $0.status.connected() }

        let state = state
        return try await withThrowingTaskGroup(of: ReconnectLoop.Ending.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await connection.waitUntilClosed()
                return .reconnect
            }
            group.addTask {
                try await state.wait { $0.request != nil }
                guard let request = state.value.request else {
                    return .reconnect
                }
                _ = try await state.wait(timeout: request.settleTimeout) {
                    $0.unsettled.isEmpty || $0.connection == nil
                }
                return request.ending
            }
            if !plan.second.isEmpty {
                group.addTask {
                    try await Task.sleep(for: plan.delay)
                    try await self.start(plan.second, on: connection)
                    try await connection.waitUntilClosed()
                    return .reconnect
                }
            }
            return try await group.next() ?? .reconnect
        }
    }

    /// Starts those of the subscriptions that are not active on the connection.
    func start(_ subscriptions: [AMQPSubscription], on connection: AMQPConnection) async throws(AMQPError) {
        for subscription in subscriptions {
            let isClaimed = state.update { state in
                state.connection === connection && state.active.insert(subscription.consumerTag).inserted
            }
            if isClaimed {
                try await connection.consume(subscription)
            }
        }
    }

    func receive(_ deliveries: [AMQPDelivery]) {
        let served = state.update { $0.buffer(deliveries) }
        for (waiter, batch) in served {
            waiter.continuation.resume(returning: batch)
        }
    }

    /// The tags of those deliveries that came over the present connection, or `nil` if there is none.
    func current(_ deliveries: [AMQPDelivery]) -> (AMQPConnection, [UInt64])? {
        guard let connection = state.value.connection else {
            return nil
        }
        let tags = deliveries.filter { $0.connectionEpoch == connection.epoch }.map(\.deliveryTag)
        return tags.isEmpty ? nil : (connection, tags)
    }

    /// Takes note that the broker was told. Not before: a consumer that stops closes the connection once nothing is
    /// unsettled, and must not overtake the acknowledgement.
    func settled(_ tags: [UInt64], on connection: AMQPConnection) {
        state.update { state in
            if state.connection === connection {
                state.unsettled.subtract(tags)
            }
        }
    }

    func disconnected(_ error: AMQPError) {
        state.update { state in
            state.end()
            state.status.disconnected(error)
        }
    }

    /// The end of `run()`.
    func finish() {
        let waiters = state.update { state in
            state.end()
            state.isStopped = true
            state.status.isConnected = false
            return state.removeAllWaiters()
        }
        Self.resumeAsStopped(waiters)
    }
}
