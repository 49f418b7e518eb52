import Foundation
import SerialQueueExecutor

/// One connection, confined to its own serial queue, so that waiting for the server holds up none of the concurrency pool's
/// threads. The size of the pool bounds the number of these queues.
actor PostgresConnection {
    private let executor = SerialQueueExecutor(label: "postgres.connection")
    private var session: PostgresSession?
    private var database = ""

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Connects.
    /// - Throws: ``PostgresError`` with the code `connectionFailed`.
    func open(_ configuration: PostgresConfiguration) throws {
        session = try PostgresSession.open(configuration)
        database = configuration.database
    }

    /// Ends the connection.
    func close() {
        session = nil
    }

    /// Whether the server still answers, promptly.
    func answers() -> Bool {
        guard let session, session.isOpen() else { return false }
        do {
            _ = try session.exchange(["SELECT 1"], statementTimeout: .zero)
            return session.isReusable
        } catch {
            return false
        }
    }

    func transaction<R: Sendable>(
        _ options: PostgresTransactionOptions, _ body: @Sendable (PostgresTransaction) throws -> R
    ) -> PostgresOutcome<R> {
        guard let session, session.isOpen() else { return .stale }
        let transaction = PostgresTransaction(session, options: options)
        let observer = options.readOnly ? nil : CommitObservation.observer
        let result = Result {
            do {
                let value = try body(transaction)
                try observer?.willCommit(database)
                try transaction.commit(readOnly: options.readOnly)
                try observer?.didCommit(database)
                return value
            } catch {
                transaction.rollBack()
                throw error
            }
        }
        return .finished(result, isReusable: session.isReusable)
    }

    /// Runs one statement outside of any transaction.
    func query(_ query: PostgresQuery) -> PostgresOutcome<PostgresRows> {
        guard let session, session.isOpen() else { return .stale }
        let result = Result<PostgresRows, any Error> {
            do {
                let observer = query.onlyReads ? nil : CommitObservation.observer
                try observer?.willCommit(database)
                let rows = try session.exchange([query])[0]
                try observer?.didCommit(database)
                return rows
            } catch var error as PostgresError {
                // The statement was its own commit.
                if error.code == .connectionLost && !query.onlyReads { error.code = .commitOutcomeUnknown }
                throw error
            }
        }
        return .finished(result, isReusable: session.isReusable)
    }
}

extension PostgresQuery {
    /// Whether the statement can hardly have changed anything. Doubtful ones, such as `WITH`, count as changes.
    fileprivate var onlyReads: Bool {
        let keyword = sql.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
        return ["SELECT", "SHOW", "TABLE", "VALUES"].contains(keyword)
    }
}
