import Logging
import Synchronization

/// Does what the ``PoolStateMachine`` decides: keeps the connections and the callers that wait for them.
final class PostgresConnectionPool: Sendable {
    typealias ConnectionID = PoolStateMachine.ConnectionID
    typealias RequestID = PoolStateMachine.RequestID

    /// A connection on loan.
    struct Lease: Sendable {
        let id: ConnectionID
        let connection: PostgresConnection
    }

    private struct State {
        var machine: PoolStateMachine
        var connections: [ConnectionID: PostgresConnection] = [:]
        var requests: [RequestID: CheckedContinuation<Lease, any Error>] = [:]
        var closeRequests: [CheckedContinuation<Void, Never>] = []
        var nextRequestID: RequestID = 1
        var lastConnectFailure: PostgresError?
        var isClosed = false
    }

    /// What is to be done once the lock is released.
    private enum Effect {
        case resume(CheckedContinuation<Lease, any Error>, Result<Lease, any Error>)
        case connect(ConnectionID, PostgresConnection)
        case check(ConnectionID, PostgresConnection)
        case close(ConnectionID, PostgresConnection)
        case wake(at: ContinuousClock.Instant)
        case finish([CheckedContinuation<Void, Never>])
    }

    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        var limits = PoolStateMachine.Configuration()
        limits.maximumConnections = configuration.maximumConnections
        limits.maximumWaiters = configuration.maximumWaiters
        limits.acquireTimeout = configuration.acquireTimeout
        limits.idleTimeout = configuration.idleTimeout
        state = Mutex(State(machine: PoolStateMachine(limits)))
    }

    var statistics: PostgresPoolStatistics {
        state.withLock { $0.machine.statistics }
    }

    /// Borrows a connection; each loan must be given back with ``release(_:isReusable:)``.
    /// - Throws: `CancellationError`, or ``PostgresError`` when none comes free in time.
    func acquire() async throws -> Lease {
        let id = state.withLock { state in
            defer { state.nextRequestID += 1 }
            return state.nextRequestID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                perform { state, now in
                    // Asked under the lock: a cancellation before this point is seen here, a later one finds the request.
                    state.requests[id] = continuation
                    return Task.isCancelled ? [.fail(id, .cancelled)] : state.machine.request(id, now: now)
                }
            }
        } onCancel: {
            perform { state, _ in state.machine.cancel(id) }
        }
    }

    /// Gives a connection back.
    func release(_ lease: Lease, isReusable: Bool) {
        perform { state, now in state.machine.release(lease.id, isReusable: isReusable, now: now) }
    }

    /// Looks after the idle connections.
    func maintain() {
        perform { state, now in state.machine.maintain(now: now) }
    }

    /// Lends nothing more and returns when the last connection is closed.
    func close() async {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.closeRequests.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() }
            perform { state, _ in state.machine.close() }
        }
    }

    // MARK: Effects

    /// Moves the machine under the lock and does what it says after it.
    private func perform(_ event: (inout State, ContinuousClock.Instant) -> [PoolStateMachine.Action]) {
        let effects = state.withLock { state in
            event(&state, .now).compactMap { effect(of: $0, on: &state) }
        }
        for effect in effects { apply(effect) }
    }

    private func effect(of action: PoolStateMachine.Action, on state: inout State) -> Effect? {
        switch action {
        case .lease(let id, let request):
            guard let connection = state.connections[id], let continuation = state.requests.removeValue(forKey: request)
            else { return nil }
            return .resume(continuation, .success(Lease(id: id, connection: connection)))
        case .fail(let request, let failure):
            guard let continuation = state.requests.removeValue(forKey: request) else { return nil }
            return .resume(continuation, .failure(Self.error(failure, lastConnectFailure: state.lastConnectFailure)))
        case .connect(let id):
            let connection = PostgresConnection()
            state.connections[id] = connection
            return .connect(id, connection)
        case .check(let id): return state.connections[id].map { .check(id, $0) }
        case .close(let id): return state.connections.removeValue(forKey: id).map { .close(id, $0) }
        case .wake(let instant): return .wake(at: instant)
        case .finishClosing:
            state.isClosed = true
            defer { state.closeRequests = [] }
            return .finish(state.closeRequests)
        }
    }

    private static func error(
        _ failure: PoolStateMachine.Failure, lastConnectFailure: PostgresError?
    ) -> any Error {
        switch failure {
        case .timedOut:
            PostgresError(.poolTimeout, "no connection came free in time")
        case .cannotConnect:
            lastConnectFailure ?? PostgresError(.connectionFailed, "no connection could be opened")
        case .tooManyWaiters: PostgresError(.poolOverloaded, "too many callers wait for a connection")
        case .cancelled: CancellationError()
        case .closed: PostgresError(.clientClosed, "the client is closed")
        }
    }

    private func apply(_ effect: Effect) {
        switch effect {
        case .resume(let continuation, let result): continuation.resume(with: result)
        case .connect(let id, let connection): connect(id, connection)
        case .check(let id, let connection):
            // Unstructured, because the caller must not wait; it ends by itself within the answer timeout.
            Task {
                let isHealthy = await connection.answers()
                perform { state, now in state.machine.checked(id, isHealthy: isHealthy, now: now) }
            }
        case .close(let id, let connection):
            // Unstructured, because the caller must not wait; closing does not wait for the server.
            Task {
                await connection.close()
                perform { state, now in state.machine.closed(id, now: now) }
            }
        case .wake(let instant):
            // Unstructured, because it outlives the caller; it ends at that instant.
            Task {
                // Nobody cancels this task, so the sleep cannot fail.
                try? await Task.sleep(until: instant, clock: .continuous)
                perform { state, now in state.machine.wake(now: now) }
            }
        case .finish(let continuations):
            for continuation in continuations { continuation.resume() }
        }
    }

    private func connect(_ id: ConnectionID, _ connection: PostgresConnection) {
        // Unstructured, because a connection outlives the caller that caused it; it ends within the connect timeout.
        Task {
            do {
                try await connection.open(configuration)
                logger.debug("a database connection was opened", metadata: ["connection": "\(id)"])
                perform { state, now in
                    state.lastConnectFailure = nil
                    return state.machine.connected(id, now: now)
                }
            } catch {
                let error = error as? PostgresError ?? PostgresError(.connectionFailed, "\(error)")
                logger.warning(
                    "a database connection could not be opened",
                    metadata: ["connection": "\(id)", "error": "\(String(reflecting: error))"])
                perform { state, now in
                    state.lastConnectFailure = error
                    state.connections[id] = nil
                    return state.machine.connectFailed(id, jitter: .random(in: 0...1), now: now)
                }
            }
        }
    }
}
