import CPostgres
import Foundation

/// An open transaction, lent to the body of ``PostgresClient/withTransaction(scope:isolation:readOnly:file:line:_:)`` and of no
/// use after it. Its calls wait for the server on the connection's own queue.
///
/// The transaction begins with its first statement, in the same round trip. When a statement fails, the server refuses all
/// that follow, and the transaction cannot commit.
public final class PostgresTransaction {
    private var session: PostgresSession?
    private let statementTimeout: Duration?
    private var opening: [PostgresQuery]
    /// Statements that wait to be sent with the next one.
    private var unsent: [PostgresQuery] = []
    private var failure: PostgresError?

    init(_ session: PostgresSession, options: PostgresTransactionOptions) {
        self.session = session
        statementTimeout = options.statementTimeout
        opening = options.statements
    }

    /// Runs a statement and returns its rows.
    /// - Throws: ``PostgresError``.
    @discardableResult
    public func query(_ query: PostgresQuery, file: String = #fileID, line: Int = #line) throws -> PostgresRows {
        let rows = try exchange([query], file, line)
        return rows[0]
    }

    /// Runs a statement.
    /// - Returns: how many rows it inserted, changed, deleted or found.
    /// - Throws: ``PostgresError``.
    @discardableResult
    public func execute(_ query: PostgresQuery, file: String = #fileID, line: Int = #line) throws -> Int {
        try self.query(query, file: file, line: line).affectedRows
    }

    /// Adds a statement whose outcome nobody waits for: it is sent, in its place, with the next statement that is waited
    /// for, at the latest with `COMMIT`. What fails then is thrown there, and fails the transaction.
    /// - Throws: ``PostgresError`` when the statement cannot be sent.
    public func write(_ query: PostgresQuery, file: String = #fileID, line: Int = #line) throws {
        try using(file, line) { _ in try PostgresSession.check(query) }
        unsent.append(query)
    }

    /// Goes on for another organisation, in the role that the transaction has: row-level security shows that one's rows from
    /// here on, and no others. What is deferred to the end of the transaction is checked then, for the last one.
    /// - Throws: ``PostgresError`` when the statement cannot be sent.
    public func enter(organizationID: UUID, file: String = #fileID, line: Int = #line) throws {
        try write(PostgresScope.setting(organizationID), file: file, line: line)
    }

    /// Runs statements that do not depend on each other's results, in one round trip.
    /// - Returns: the rows of each statement.
    /// - Throws: ``PostgresError`` of the first one that failed; those after it were not done.
    public func pipeline(
        _ queries: [PostgresQuery], file: String = #fileID, line: Int = #line
    ) throws -> [PostgresRows] {
        try exchange(queries, file, line)
    }

    /// Runs a text of several statements.
    func runScript(_ sql: String, file: String = #fileID, line: Int = #line) throws {
        try exchange([], file, line)
        try using(file, line) { try $0.runScript(sql, statementTimeout: statementTimeout) }
    }

    @discardableResult
    private func exchange(_ queries: [PostgresQuery], _ file: String, _ line: Int) throws -> [PostgresRows] {
        try using(file, line) { session in
            let before = opening + unsent
            let rows = try session.exchange(before + queries, statementTimeout: statementTimeout)
            opening = []
            unsent = []
            return Array(rows.dropFirst(before.count))
        }
    }

    private func using<R>(_ file: String, _ line: Int, _ body: (PostgresSession) throws -> R) throws -> R {
        guard let session else {
            throw PostgresError(.misuse, "a transaction was used after its end").located(file, line)
        }
        do {
            return try body(session)
        } catch let error as PostgresError {
            let error = error.located(file, line)
            // Only what reached the server fails the transaction, not a value that could not be encoded.
            let isFailed = session.isBroken || session.transactionStatus == PQTRANS_INERROR
            // 25P02 only says that a statement before has failed.
            if isFailed, failure == nil || error.sqlState != "25P02" { failure = error }
            // The opening has happened when the server says so, also when a statement after it failed.
            if session.transactionStatus != PQTRANS_IDLE { opening = [] }
            // What was sent before the failed statement is undone with it, and what was after it was not done.
            if isFailed { unsent = [] }
            throw error
        }
    }

    /// Ends the loan and commits.
    func commit(readOnly: Bool) throws {
        guard let session else { return }
        self.session = nil
        // A savepoint may have undone the failure.
        if let failure, session.isBroken || session.transactionStatus == PQTRANS_INERROR {
            rollBack(session)
            throw failure
        }
        // Nothing was asked, so there is nothing to commit.
        guard opening.isEmpty || !unsent.isEmpty else { return }
        guard !opening.isEmpty || session.transactionStatus == PQTRANS_INTRANS else {
            rollBack(session)
            throw PostgresError(.misuse, "the transaction was ended by one of its own statements")
        }
        // Seen before COMMIT is sent, the end leaves no doubt.
        guard !session.hasEnded() else { throw PostgresError(.connectionLost, "the connection ended before COMMIT") }
        do {
            try session.exchange(opening + unsent + ["COMMIT"], statementTimeout: statementTimeout)
        } catch var error as PostgresError {
            if error.code == .connectionLost && !readOnly { error.code = .commitOutcomeUnknown }
            // A statement before `COMMIT` has failed, which was not done then.
            rollBack(session)
            throw error
        }
    }

    /// Ends the loan and rolls back. If that fails, the connection is not reusable, and the server rolls back when it ends.
    func rollBack() {
        guard let session else { return }
        self.session = nil
        rollBack(session)
    }

    private func rollBack(_ session: PostgresSession) {
        guard !session.isBroken, session.transactionStatus != PQTRANS_IDLE else { return }
        // A failure shows in the session's state, which decides whether it is used again.
        _ = try? session.exchange(["ROLLBACK"])
    }
}
