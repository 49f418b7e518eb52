import Dispatch
import Foundation
import Logging

/// Asks questions and awaits their answers, over RabbitMQ's direct reply-to: the answers come back on the connection that
/// asked, without a queue. An answer is lost with the connection; then the question fails and may be asked again.
public final class AMQPRequester: Sendable {
    /// The pseudo-queue that stands for the channel that asks (RabbitMQ, "Direct Reply-to").
    public static let replyQueue = "amq.rabbitmq.reply-to"

    private struct State {
        var status = AMQPConnectionStatus()
        var connection: AMQPConnection?
        var pending: [String: Pending] = [:]
        var requestCount: UInt64 = 0
    }

    private struct Pending {
        let epoch: UInt64
        let continuation: CheckedContinuation<AMQPDelivery, any Error>
    }

    private let configuration: AMQPConfiguration
    private let logger: Logger
    private let state = Observed(State())
    private let deadlines = DispatchQueue(label: "amqp-requester-deadlines")

    /// Creates a requester, which connects once it runs.
    public init(configuration: AMQPConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// The state of the connection.
    public var status: AMQPConnectionStatus {
        state.value.status
    }

    /// How many questions await their answer.
    public var pendingCount: Int {
        state.value.pending.count
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
        defer { disconnected(AMQPError(.stopped, "the requester was stopped")) }
        let observer = ConnectionObserver(
            delivered: { deliveries in self.receive(deliveries) },
            returned: { returned in self.receive(returned) },
            blocked: { reason in self.state.update { $0.status.blockedReason = reason } },
            closed: { error in self.disconnected(error) })
        let replies = AMQPSubscription(queue: Self.replyQueue, consumerTag: "replies")
        try await ReconnectLoop(configuration: configuration, logger: logger).run(
            observer: observer, failed: { error in self.disconnected(error) }
        ) { [configuration] connection in
            // A question is not repeated for want of a confirm: its answer is the confirm. But a refused one shows that
            // this connection's questions do not arrive, and that another connection may help.
            if configuration.hasOtherNodes {
                try await connection.enableConfirms()
            }
            try await connection.consume(replies, noAcknowledgement: true)
            self.state.update { state in
                state.connection = connection
                state.status.connected()
            }
            try await connection.waitUntilClosed()
            return .reconnect
        }
    }

    /// Sends a question and returns the answer.
    ///
    /// The requester sets the correlation id and the reply queue, and makes the broker drop a question that nobody took
    /// before the deadline.
    ///
    /// - Parameters:
    ///   - message: the question. Whoever answers publishes to the default exchange with the question's `replyTo` as
    ///     routing key, with its correlation id, and not mandatory: the broker hands the answer over without routing it,
    ///     and returns a mandatory one as unroutable although it arrived.
    ///   - timeout: the limit for everything, waiting for a connection included.
    /// - Throws: ``AMQPError/Code/timedOut``, ``AMQPError/Code/unroutable`` if a mandatory question matched no queue,
    ///   ``AMQPError/Code/connectionFailed`` or ``AMQPError/Code/blocked`` if it could not be sent, the reason why the
    ///   connection ended, or `CancellationError`.
    public func request(_ message: AMQPMessage, timeout: Duration) async throws -> AMQPDelivery {
        let deadline = ContinuousClock.now + timeout
        let connection = try await readyConnection(within: timeout)
        let remaining = deadline - .now
        let correlationID = state.update { state in
            state.requestCount += 1
            return "\(connection.epoch)-\(state.requestCount)"
        }
        let question = prepared(message, correlationID: correlationID, timeout: remaining)
        try question.validate(frameMaximum: Int(AMQPConnection.frameMaximum))

        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let refusal = register(correlationID, on: connection, continuation) {
                    continuation.resume(throwing: refusal)
                    return
                }
                let (seconds, attoseconds) = remaining.components
                let nanoseconds = Int(clamping: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
                deadlines.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in
                    self?.finish(
                        correlationID, .failure(AMQPError(.timedOut, "no answer came within \(timeout)")))
                }
                connection.submit { connection in
                    do throws(AMQPError) {
                        try connection.send(question)
                    } catch {
                        self.finish(correlationID, .failure(error))
                    }
                }
            }
        } onCancel: {
            finish(correlationID, .failure(CancellationError()))
        }
    }

    private func prepared(_ message: AMQPMessage, correlationID: String, timeout: Duration) -> AMQPMessage {
        var question = message
        question.properties.correlationID = correlationID
        question.properties.replyTo = Self.replyQueue
        if question.properties.expiration == nil {
            let (seconds, attoseconds) = timeout.components
            question.properties.expiration = String(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
        }
        return question
    }

    /// Stores who waits, or returns why the question cannot be asked.
    private func register(
        _ correlationID: String, on connection: AMQPConnection,
        _ continuation: CheckedContinuation<AMQPDelivery, any Error>
    ) -> (any Error)? {
        state.update { state -> (any Error)? in
            // The cancellation handler may have run before this; then nobody would resume the continuation.
            guard !Task.isCancelled else {
                return CancellationError()
            }
            // The connection may have ended since it was chosen; its end fails only what was stored by then.
            guard state.connection === connection else {
                return state.status.lastError ?? AMQPError(.connectionClosed, "the connection ended")
            }
            state.pending[correlationID] = Pending(epoch: connection.epoch, continuation: continuation)
            return nil
        }
    }

    private func readyConnection(within timeout: Duration) async throws -> AMQPConnection {
        _ = try await state.wait(timeout: timeout) { $0.status.isReady && $0.connection != nil }
        let current = state.value
        guard let connection = current.connection, current.status.isReady else {
            if let reason = current.status.blockedReason {
                throw AMQPError(.blocked, "the broker blocks publishers: \(reason)")
            }
            throw AMQPError(.connectionFailed, "no connection within \(timeout)")
        }
        return connection
    }

    private func receive(_ deliveries: [AMQPDelivery]) {
        for delivery in deliveries {
            // An answer without a question is one that came after its deadline.
            if let correlationID = delivery.properties.correlationID {
                finish(correlationID, .success(delivery))
            }
        }
    }

    private func receive(_ returned: AMQPReturn) {
        if let correlationID = returned.properties.correlationID {
            let error = AMQPError(.unroutable, returned.replyText, replyCode: returned.replyCode)
            finish(correlationID, .failure(error))
        }
    }

    /// The one place where a question ends: whoever takes it out of the table resumes the caller.
    private func finish(_ correlationID: String, _ result: Result<AMQPDelivery, any Error>) {
        let pending = state.update { $0.pending.removeValue(forKey: correlationID) }
        pending?.continuation.resume(with: result)
    }

    private func disconnected(_ error: AMQPError) {
        let abandoned = state.update { state in
            state.connection = nil
            state.status.disconnected(error)
            defer { state.pending = [:] }
            return Array(state.pending.values)
        }
        for pending in abandoned {
            pending.continuation.resume(
                throwing: AMQPError(
                    .connectionClosed, "the connection ended before the answer: \(error.message)", isRetriable: true))
        }
    }
}
