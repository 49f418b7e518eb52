import CPostgres
import Foundation

/// One libpq connection and everything that is sent over it. Its calls wait for the server, each up to a deadline.
///
/// Not `Sendable`: a `PGconn` may be used by one thread at a time, so a session lives in one ``PostgresConnection`` and never
/// leaves its queue.
final class PostgresSession {
    private let connection: OpaquePointer
    private let notices = PostgresNotices()
    private let answerTimeout: Duration
    private var statements: PreparedStatementCache
    /// Nothing more can be sent: the connection ended, or the server owes an answer that nobody waits for any more.
    private(set) var isBroken = false

    /// Takes over a connection that is complete.
    init(_ connection: OpaquePointer, configuration: PostgresConfiguration) {
        self.connection = connection
        answerTimeout = PostgresConfiguration.answerTimeout(for: configuration.statementTimeout)
        statements = PreparedStatementCache()
        PQsetnonblocking(connection, 1)
        notices.observe(connection)
    }

    deinit {
        PQfinish(connection)
    }

    /// Where the server sees the connection's transaction.
    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

    /// Whether the connection may serve somebody else.
    var isReusable: Bool {
        !isBroken && PQstatus(connection) == CONNECTION_OK && transactionStatus == PQTRANS_IDLE
    }

    /// Whether an idle connection is still good, as far as can be seen without asking the server.
    func isOpen() -> Bool {
        isReusable && !hasEnded()
    }

    /// Looks whether the server has closed the connection while nothing was asked of it: then there is something to read,
    /// its last words or the end itself.
    func hasEnded() -> Bool {
        guard !isBroken else { return true }
        for _ in 0..<2 {
            guard wait(for: POLLIN, until: .now) else { return false }
            // Other notices and changed settings may also have come in the meantime. `PQisBusy` hands them out.
            guard PQconsumeInput(connection) == 1, PQisBusy(connection) == 0, !notices.announcesEnd else { break }
        }
        isBroken = true
        return true
    }

    // MARK: Statements

    private enum Reply {
        case prepared(PreparedStatementCache.Key)
        case executed(PreparedStatementCache.Key)
        case deallocated(String)
    }

    /// Sends the statements together and returns their results: one round trip, also when some are prepared first. After a
    /// statement that fails the following ones are not done.
    @discardableResult
    func exchange(_ queries: [PostgresQuery], statementTimeout: Duration? = nil) throws -> [PostgresRows] {
        guard !queries.isEmpty else { return [] }
        for query in queries { try Self.check(query) }
        let deadline = deadline(statementTimeout)
        try beginPipeline()
        var replies: [Reply] = []
        // A statement that occurs twice must be prepared once.
        var prepared: Set<PreparedStatementCache.Key> = []
        for query in queries {
            let key = PreparedStatementCache.Key(sql: query.sql, types: query.bindings.types)
            let (name, mustPrepare) = statements.use(key)
            if mustPrepare, prepared.insert(key).inserted {
                let types = key.types.map(\.rawValue)
                try sent(PQsendPrepare(connection, name, key.sql, Int32(types.count), types))
                replies.append(.prepared(key))
            }
            try sent(send(name, query.bindings))
            replies.append(.executed(key))
        }
        try sent(PQpipelineSync(connection))
        // In a segment of their own: a failure before must not keep them from happening.
        let unused = transactionStatus == PQTRANS_INERROR ? [] : statements.unused
        for name in unused {
            try sent(PQsendQueryParams(connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1))
        }
        if !unused.isEmpty { try sent(PQpipelineSync(connection)) }

        let outcome = Result { try receive(replies, until: deadline) }
        guard !isBroken else { return try outcome.get() }
        if !unused.isEmpty {
            // Only a failure that breaks the session matters here: the names stay in the list for the next time.
            _ = try? receive(unused.map(Reply.deallocated), until: deadline)
        }
        guard PQexitPipelineMode(connection) == 1 else { throw broken("the pipeline could not be ended") }
        return try outcome.get()
    }

    /// Runs a text of several statements.
    func runScript(_ sql: String, statementTimeout: Duration? = nil) throws {
        try Self.check(text: sql)
        guard !isBroken else { throw PostgresError(.connectionLost, "the connection has ended") }
        let deadline = deadline(statementTimeout)
        try sent(PQsendQuery(connection, sql))
        var failure: PostgresError?
        while true {
            try awaitResult(until: deadline)
            guard let pointer = PQgetResult(connection) else { break }
            let result = PostgresResult(pointer)
            switch result.status {
            case PGRES_FATAL_ERROR:
                let error = error(of: result)
                if isBroken { throw error }
                failure = failure ?? error
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw copyRefused()
            default: break
            }
        }
        if let failure { throw failure }
    }

    private func beginPipeline() throws {
        guard !isBroken else { throw PostgresError(.connectionLost, "the connection has ended") }
        guard PQenterPipelineMode(connection) == 1 else { throw broken("the pipeline could not be begun") }
    }

    /// Refuses what cannot be sent.
    static func check(_ query: PostgresQuery) throws {
        if let failure = query.bindings.failure { throw failure }
        guard query.bindings.values.count <= Int(UInt16.max) else {
            throw PostgresError(.misuse, "a statement has at most 65,535 values; bind arrays instead")
        }
        try check(text: query.sql)
    }

    private static func check(text: String) throws {
        // libpq takes C strings and would send only what stands before it.
        guard !text.utf8.contains(0) else { throw PostgresError(.misuse, "a statement contains a zero byte") }
    }

    /// Sends the values for a prepared statement, all in binary format.
    private func send(_ name: String, _ bindings: PostgresBindings) -> Int32 {
        var buffer: [UInt8] = []
        var offsets: [Int?] = []
        var lengths: [Int32] = []
        for value in bindings.values {
            let start = buffer.count
            value.append(to: &buffer)
            offsets.append(value.isNull ? nil : start)
            lengths.append(Int32(buffer.count - start))
        }
        // libpq takes a null pointer for NULL, so that also an empty value needs an address.
        buffer.append(0)
        let formats = [Int32](repeating: 1, count: lengths.count)
        return buffer.withUnsafeBytes { raw in
            let start = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { offset in start.map { $0 + offset } } }
            return PQsendQueryPrepared(connection, name, Int32(lengths.count), pointers, lengths, formats, 1)
        }
    }

    private func sent(_ accepted: Int32) throws {
        guard accepted == 1 else { throw broken("nothing more can be sent") }
    }

    // MARK: Answers

    /// Takes the results of one pipeline segment, up to its synchronisation point.
    private func receive(_ replies: [Reply], until deadline: ContinuousClock.Instant) throws -> [PostgresRows] {
        var rows: [PostgresRows] = []
        var failure: PostgresError?
        var position = 0
        var isBetween = false
        while true {
            try awaitResult(until: deadline)
            guard let pointer = PQgetResult(connection) else {
                // The end of one statement's results, of which there is at least one.
                guard !isBetween else { throw broken("the server's answers do not fit the statements") }
                isBetween = true
                position += 1
                continue
            }
            isBetween = false
            let result = PostgresResult(pointer)
            // The synchronisation point, where a single statement commits, can fail too.
            let reply = position < replies.count ? replies[position] : nil
            switch result.status {
            case PGRES_PIPELINE_SYNC:
                if let failure { throw failure }
                return rows
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                switch reply {
                case .prepared(let key): statements.didPrepare(key)
                case .executed: rows.append(PostgresRows(result))
                case .deallocated(let name): statements.didDeallocate(name)
                case nil: break
                }
            case PGRES_FATAL_ERROR:
                let error = error(of: result)
                if isBroken { throw error }
                if error.isStalePlan, case .executed(let key) = reply { statements.forget(key) }
                failure = failure ?? error
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw copyRefused()
            default: break
            }
        }
    }

    /// Waits until a result, or the end of results, can be taken without waiting.
    private func awaitResult(until deadline: ContinuousClock.Instant) throws {
        while true {
            let isSending = PQflush(connection) == 1
            guard isSending || PQisBusy(connection) == 1 else { return }
            guard wait(for: isSending ? POLLIN | POLLOUT : POLLIN, until: deadline) else {
                throw broken("the server did not answer in time")
            }
            // When this fails, `PQgetResult` gives the reason.
            guard PQconsumeInput(connection) == 1 else { return }
        }
    }

    /// Waits for the socket; false when the deadline passes first.
    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        PostgresSocket(descriptor: PQsocket(connection)).wait(for: events, until: deadline)
    }

    private func deadline(_ statementTimeout: Duration?) -> ContinuousClock.Instant {
        .now + (statementTimeout.map(PostgresConfiguration.answerTimeout) ?? answerTimeout)
    }

    /// Reads an error report, and gives the session up when the server has.
    private func error(of result: PostgresResult) -> PostgresError {
        let error = PostgresError(result)
        if error.code == .connectionLost || PQstatus(connection) != CONNECTION_OK { isBroken = true }
        return error
    }

    private func broken(_ reason: String) -> PostgresError {
        isBroken = true
        let words = String(cString: PQerrorMessage(connection)).trimmingCharacters(in: .whitespacesAndNewlines)
        return PostgresError(.connectionLost, words.isEmpty ? reason : "\(reason): \(words)")
    }

    private func copyRefused() -> PostgresError {
        isBroken = true
        return PostgresError(.misuse, "COPY to or from the client is not supported")
    }
}
