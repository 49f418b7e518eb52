import Logging

/// Single operations for an operator's tool: declaring, inspecting, emptying, and moving messages by hand.
///
/// It opens a connection at its first use and another one after an error. A message that was fetched and not settled
/// goes back to its queue with the connection.
public actor AMQPAdministration {
    private let configuration: AMQPConfiguration
    private let logger: Logger
    private var connection: AMQPConnection?
    private var nextEndpoint = 0

    /// Creates an administration, which connects at its first use.
    public init(configuration: AMQPConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Declares exchanges, queues and bindings.
    ///
    /// - Throws: an error with reply code 406 if one of them exists with other settings.
    public func declare(_ topology: AMQPTopology) async throws(AMQPError) {
        try await open().declare(topology)
    }

    /// What the broker tells about a queue, or `nil` if there is none of that name.
    public func status(ofQueue name: String) async throws(AMQPError) -> AMQPQueueStatus? {
        do {
            return try await open().status(ofQueue: name)
        } catch let error where error.replyCode == 404 {
            return nil
        }
    }

    /// Removes a queue and returns how many messages went with it. Quorum queues accept neither condition: the broker
    /// answers 540.
    ///
    /// - Throws: an error with reply code 406 if it is in use or not empty and must not be.
    @discardableResult
    public func delete(
        queue name: String, ifUnused: Bool = false, ifEmpty: Bool = false
    ) async throws(AMQPError) -> Int {
        try await open().delete(queue: name, ifUnused: ifUnused, ifEmpty: ifEmpty)
    }

    /// Removes an exchange.
    public func delete(exchange name: String, ifUnused: Bool = false) async throws(AMQPError) {
        try await open().delete(exchange: name, ifUnused: ifUnused)
    }

    /// Adds a binding.
    public func bind(_ binding: AMQPBinding) async throws(AMQPError) {
        try await open().bind(binding)
    }

    /// Removes a binding.
    public func unbind(_ binding: AMQPBinding) async throws(AMQPError) {
        try await open().unbind(binding)
    }

    /// Removes the messages of a queue that no consumer holds, and returns how many there were.
    @discardableResult
    public func purge(queue name: String) async throws(AMQPError) -> Int {
        try await open().purge(queue: name)
    }

    /// Takes one message off a queue, or returns `nil` if none is ready. Settle it, or it comes back.
    public func fetch(queue name: String) async throws(AMQPError) -> AMQPFetchedMessage? {
        try await open().fetch(queue: name)
    }

    /// Acknowledges messages that were fetched. Those of an earlier connection are skipped: they went back.
    public func acknowledge(_ deliveries: [AMQPDelivery]) async {
        guard let connection else {
            return
        }
        await connection.acknowledge(
            deliveries.filter { $0.connectionEpoch == connection.epoch }.map(\.deliveryTag))
    }

    /// Rejects a message that was fetched: back to its queue, or to where the queue sends its dead letters.
    public func reject(_ delivery: AMQPDelivery, requeue: Bool) async {
        guard let connection, delivery.connectionEpoch == connection.epoch else {
            return
        }
        await connection.reject(delivery.deliveryTag, requeue: requeue)
    }

    /// Publishes messages with confirms.
    public func publish(_ messages: [AMQPMessage]) async throws(AMQPError) -> [AMQPPublishResult] {
        let connection = try await open()
        try await connection.enableConfirms()
        guard let results = await connection.publish(messages) else {
            throw connection.closure.value ?? AMQPError(.connectionClosed, "the connection ended")
        }
        return results
    }

    /// Closes the connection. A later call opens another one.
    public func close() async {
        let closing = connection
        connection = nil
        await closing?.close()
    }

    /// The connection, after an attempt with each endpoint if there is none.
    private func open() async throws(AMQPError) -> AMQPConnection {
        if let connection, connection.isOpen {
            return connection
        }
        try configuration.validate()
        var lastError = AMQPError(.connectionFailed, "no endpoint was tried")
        for _ in configuration.endpoints {
            let endpoint = configuration.endpoints[nextEndpoint % configuration.endpoints.count]
            nextEndpoint += 1
            do throws(AMQPError) {
                let opened = try await AMQPConnection.open(
                    configuration: configuration, endpoint: endpoint, observer: ConnectionObserver(), logger: logger)
                // Another caller may have connected in the meantime; a fetched message is bound to its connection.
                if let connection, connection.isOpen {
                    await opened.close()
                    return connection
                }
                connection = opened
                return opened
            } catch {
                lastError = error
            }
        }
        throw lastError
    }
}
