/// Why something with the database failed, and whether trying again may help.
///
/// ``description`` names only the kind of failure and the parts of the schema it concerns, so that it may be logged or shown
/// anywhere. The server's own words, which can quote data, are in ``message`` and in `String(reflecting:)`. Neither holds
/// bindings or the text of the query.
public struct PostgresError: Error, Sendable {
    /// The kind of failure. An open set: new kinds may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// The server refused a statement; ``PostgresError/sqlState`` says why.
        public static let server = Code("server")
        /// The server cancelled a statement: it outlasted the statement timeout, or an operator stopped it (57014).
        public static let cancelled = Code("cancelled")
        /// No connection could be opened.
        public static let connectionFailed = Code("connectionFailed")
        /// The connection ended, or the server did not answer in time, and nothing of the work was kept.
        public static let connectionLost = Code("connectionLost")
        /// The connection ended while the server was committing: the work may be kept or not.
        public static let commitOutcomeUnknown = Code("commitOutcomeUnknown")
        /// All connections stayed in use for the whole acquire timeout.
        public static let poolTimeout = Code("poolTimeout")
        /// More callers wait for a connection than the pool admits.
        public static let poolOverloaded = Code("poolOverloaded")
        /// The client was closed.
        public static let clientClosed = Code("clientClosed")
        /// A value of the result is not what the caller asked for.
        public static let decoding = Code("decoding")
        /// The result has another number of rows than the caller asked for.
        public static let unexpectedRowCount = Code("unexpectedRowCount")
        /// A value cannot be sent.
        public static let encoding = Code("encoding")
        /// The migrations of the program and of the database do not fit together.
        public static let migration = Code("migration")
        /// The configuration is not usable.
        public static let configuration = Code("configuration")
        /// The caller broke a rule of this module.
        public static let misuse = Code("misuse")
    }

    public internal(set) var code: Code
    /// What happened, in words. May quote data when it comes from the server.
    public internal(set) var message: String
    /// The server's five-character code (PostgreSQL manual, appendix A).
    public internal(set) var sqlState: String?
    /// The constraint that was violated.
    public internal(set) var constraint: String?
    public internal(set) var table: String?
    public internal(set) var column: String?
    /// The server's secondary message. Often quotes data.
    public internal(set) var detail: String?
    public internal(set) var hint: String?
    /// Where the failing call stands in the source.
    public internal(set) var file: String?
    public internal(set) var line: Int?
    /// A prepared statement's plan no longer fitted the schema; the next try prepares it anew.
    var isStalePlan = false

    public init(_ code: Code, _ message: String, sqlState: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
    }

    /// A value that is not what the caller asked for, with the column and its type.
    public static func decoding(_ cell: PostgresCell, _ reason: String) -> PostgresError {
        var error = PostgresError(
            .decoding, "column \"\(cell.columnName)\" (number \(cell.columnIndex + 1), \(cell.type)): \(reason)")
        error.column = cell.columnName
        return error
    }

    /// A value that cannot be sent.
    public static func encoding(_ reason: String) -> PostgresError {
        PostgresError(.encoding, reason)
    }

    /// Whether the same work may succeed when it is simply done again from its beginning: the server kept nothing of it.
    /// False for ``Code/commitOutcomeUnknown``, where the caller has to find out first or be idempotent.
    public var isRetriable: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .poolTimeout, .poolOverloaded: return true
        case .server, .cancelled: return isStalePlan || sqlState.map(Self.isTransient) ?? false
        default: return false
        }
    }

    /// Serialization failure, deadlock, lock not available, shutdowns, too many connections, connection exceptions.
    private static func isTransient(_ sqlState: String) -> Bool {
        switch sqlState {
        case "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300": true
        default: sqlState.hasPrefix("08")
        }
    }

    /// The same error with the place of the call, unless it has one already.
    func located(_ file: String, _ line: Int) -> PostgresError {
        guard self.file == nil else { return self }
        var error = self
        error.file = file
        error.line = line
        return error
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        var parts = ["code: \(code)"]
        if let sqlState { parts.append("sqlState: \(sqlState)") }
        if let constraint { parts.append("constraint: \(constraint)") }
        if let table { parts.append("table: \(table)") }
        if let column { parts.append("column: \(column)") }
        return "PostgresError(\(parts.joined(separator: ", ")))"
    }
}

extension PostgresError: CustomDebugStringConvertible {
    public var debugDescription: String {
        var parts = [description, message]
        if let detail { parts.append("detail: \(detail)") }
        if let hint { parts.append("hint: \(hint)") }
        if let file, let line { parts.append("at \(file):\(line)") }
        return parts.joined(separator: "; ")
    }
}
