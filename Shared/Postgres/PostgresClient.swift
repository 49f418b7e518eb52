import Logging

/// A pool of connections to one database, and the way to use them. Connections open when they are needed.
public final class PostgresClient: Sendable {
    public let configuration: PostgresConfiguration
    private let pool: PostgresConnectionPool

    public init(configuration: PostgresConfiguration, logger: Logger) {
        precondition(configuration.maximumConnections > 0, "a client needs at least one connection")
        self.configuration = configuration
        pool = PostgresConnectionPool(configuration, logger: logger)
    }

    /// Looks after the idle connections until the task is cancelled, and then closes the client. Without it the client works
    /// too, but closes no connection for being idle, and finds a dead one only when it wants to use it.
    public func run() async throws {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(5))
            } catch {
                break
            }
            pool.maintain()
        }
        await close()
    }

    /// Lends no more connections and returns when all have come back and are closed.
    public func close() async {
        await pool.close()
    }

    /// How busy the connections are now.
    public var statistics: PostgresPoolStatistics { pool.statistics }

    /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// `body` is synchronous and runs on the connection's own queue: nothing can suspend it between two statements, and it has
    /// no way to wait for a network while it holds locks.
    ///
    /// - Parameters:
    ///   - scope: on whose behalf.
    ///   - isolation: what it may see of other transactions.
    ///   - readOnly: whether the server is to refuse changes.
    ///   - body: may be run by a caller again from its beginning when the error says ``PostgresError/isRetriable``.
    /// - Throws: what `body` throws, or ``PostgresError``: `commitOutcomeUnknown` when the connection ended while the server was
    ///   committing; the error of a failed statement, if `body` swallowed it, since such a transaction cannot commit.
    ///   `CancellationError` when the task is cancelled before the transaction begins.
    @discardableResult
    public func withTransaction<R: Sendable>(
        scope: PostgresScope = .service, isolation: PostgresIsolation = .readCommitted, readOnly: Bool = false,
        file: String = #fileID, line: Int = #line,
        _ body: @Sendable (PostgresTransaction) throws -> R
    ) async throws -> R {
        let options = PostgresTransactionOptions(scope: scope, isolation: isolation, readOnly: readOnly)
        return try await withTransaction(options, file: file, line: line, body)
    }

    func withTransaction<R: Sendable>(
        _ options: PostgresTransactionOptions, file: String = #fileID, line: Int = #line,
        _ body: @Sendable (PostgresTransaction) throws -> R
    ) async throws -> R {
        try await withConnection(file, line) { await $0.transaction(options, body) }
    }

    /// Runs one statement outside of any transaction.
    /// - Throws: ``PostgresError``; `commitOutcomeUnknown` when the connection ended while the statement was running, unless it
    ///   was a plain `SELECT`. `CancellationError` when the task is cancelled before.
    public func query(
        _ query: PostgresQuery, file: String = #fileID, line: Int = #line
    ) async throws -> PostgresRows {
        try await withConnection(file, line) { await $0.query(query) }
    }

    /// Lends connections until one is found that has not ended while idle.
    private func withConnection<R: Sendable>(
        _ file: String, _ line: Int, _ use: (PostgresConnection) async -> PostgresOutcome<R>
    ) async throws -> R {
        do {
            while true {
                let lease = try await pool.acquire()
                switch await use(lease.connection) {
                case .stale: pool.release(lease, isReusable: false)
                case .finished(let result, let isReusable):
                    pool.release(lease, isReusable: isReusable)
                    return try result.get()
                }
            }
        } catch let error as PostgresError {
            throw error.located(file, line)
        }
    }
}
