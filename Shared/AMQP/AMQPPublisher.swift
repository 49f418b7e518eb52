import Logging

/// Publishes messages and reports what became of each.
///
/// ``run()`` keeps a connection of its own up; a consumer needs another one, because the broker stops reading from
/// connections that publish while it is short of memory or disk.
public final class AMQPPublisher: Sendable {
    private struct State {
        var status = AMQPConnectionStatus()
        var connection: AMQPConnection?
    }

    private let configuration: AMQPConfiguration
    private let topology: AMQPTopology
    private let logger: Logger
    private let state = Observed(State())

    /// Creates a publisher, which connects once it runs.
    ///
    /// - Parameter topology: declared on each connect.
    public init(configuration: AMQPConfiguration, topology: AMQPTopology = AMQPTopology(), logger: Logger) {
        self.configuration = configuration
        self.topology = topology
        self.logger = logger
    }

    /// The state of the connection.
    public var status: AMQPConnectionStatus {
        state.value.status
    }

    /// Whether a connection is up.
    public var isConnected: Bool {
        status.isConnected
    }

    /// Whether the broker blocks publishers.
    public var isBlocked: Bool {
        status.isBlocked
    }

    /// Waits until the status meets a condition, for at most `timeout`, and returns whether it did.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntil(
        timeout: Duration, _ condition: @escaping @Sendable (AMQPConnectionStatus) -> Bool
    ) async throws -> Bool {
        try await state.wait(timeout: timeout) { condition($0.status) }
    }

    /// Waits until a connection is up.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntilConnected() async throws {
        try await state.wait { $0.status.isConnected }
    }

    /// Keeps the connection up until the task is cancelled, and then returns.
    ///
    /// - Throws: ``AMQPError/Code/invalidConfiguration`` at once; any other failure is met by connecting again.
    public func run() async throws {
        let state = state
        let topology = topology
        defer {
            state.update { state in
                state.connection = nil
                state.status.isConnected = false
            }
        }
        let observer = ConnectionObserver(
            blocked: { reason in state.update { $0.status.blockedReason = reason } },
            closed: { error in Self.disconnected(state, error) })
        try await ReconnectLoop(configuration: configuration, logger: logger).run(
            observer: observer, failed: { error in Self.disconnected(state, error) }
        ) { connection in
            try await connection.declare(topology)
            try await connection.enableConfirms()
            state.update { state in
                state.connection = connection
                state.status.connected()
            }
            try await connection.waitUntilClosed()
            return .reconnect
        }
    }

    /// Publishes messages in their order, pipelined, and returns one result for each.
    ///
    /// Waits for a usable connection for at most the connect timeout, and for confirms for at most the publish timeout.
    /// It does not end early when the task is cancelled: the messages may be on their way.
    public func publish(_ messages: [AMQPMessage]) async -> [AMQPPublishResult] {
        guard !messages.isEmpty else {
            return []
        }
        let deadline = ContinuousClock.now + configuration.connectTimeout
        while true {
            do throws(AMQPError) {
                let connection = try await readyConnection(before: deadline)
                if let results = await connection.publish(messages) {
                    return results
                }
            } catch {
                return messages.map { _ in .unknown(error) }
            }
        }
    }

    /// Publishes one message.
    public func publish(_ message: AMQPMessage) async -> AMQPPublishResult {
        await publish([message]).first ?? .unknown(AMQPError(.protocolViolation, "a message has no result"))
    }

    /// Sends messages in their order without waiting for the broker's word. They are dropped when there is no usable
    /// connection, and lost with it.
    public func send(_ messages: [AMQPMessage]) async {
        let current = state.value
        guard let connection = current.connection, current.status.isReady, !messages.isEmpty else {
            return
        }
        await connection.send(messages)
    }

    private func readyConnection(before deadline: ContinuousClock.Instant) async throws(AMQPError) -> AMQPConnection {
        while true {
            let current = state.value
            if let connection = current.connection, current.status.isReady, connection.isOpen {
                return connection
            }
            let remaining = deadline - .now
            guard remaining > .zero else {
                throw unavailable(current.status)
            }
            do {
                _ = try await state.wait(timeout: remaining) { state in
                    state.status.isReady && state.connection?.isOpen == true
                }
            } catch {
                throw AMQPError(.stopped, "the task was cancelled before the messages were sent", isRetriable: true)
            }
        }
    }

    private func unavailable(_ status: AMQPConnectionStatus) -> AMQPError {
        if let reason = status.blockedReason {
            return AMQPError(.blocked, "the broker blocks publishers: \(reason)")
        }
        let cause = status.lastError.map { ": \($0.message)" } ?? ""
        return AMQPError(.connectionFailed, "no connection within \(configuration.connectTimeout)\(cause)")
    }

    private static func disconnected(_ state: Observed<State>, _ error: AMQPError) {
        state.update { state in
            state.connection = nil
            state.status.disconnected(error)
        }
    }
}
