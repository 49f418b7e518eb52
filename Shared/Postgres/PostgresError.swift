/// What went wrong with the database.
///
/// ``description`` carries no data, no bindings and no query text, so that it may be logged and sent on;
/// `String(reflecting:)` adds the server's own words, which may hold data.
public struct PostgresError: Error, Sendable {
    /// The kind of failure: an open set.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        init(_ description: String) {
            self.description = description
        }

        /// The server refused a statement; see ``PostgresError/sqlState``.
        public static let server = Code("server")
        /// No connection could be made.
        public static let connectionFailed = Code("connection-failed")
        /// The connection broke before anything was committed.
        public static let connectionLost = Code("connection-lost")
        /// The connection broke while the commit was under way: it may or may not have happened.
        public static let commitOutcomeUnknown = Code("commit-outcome-unknown")
        /// Every connection of the pool stayed in use for longer than the acquire timeout, or too many wait already.
        public static let poolTimeout = Code("pool-timeout")
        /// The client was closed.
        public static let closed = Code("closed")
        /// The server gave the statement up: the statement timeout, or an operator (SQLSTATE 57014).
        public static let cancelled = Code("cancelled")
        /// The server did not answer within the statement timeout.
        public static let timedOut = Code("timed-out")
        /// A column does not hold what the code expects.
        public static let decoding = Code("decoding")
        /// A value cannot be bound.
        public static let encoding = Code("encoding")
        /// A transaction was used after its end, or a row count is not what was demanded.
        public static let misuse = Code("misuse")
        /// The configuration is not acceptable.
        public static let configuration = Code("configuration")
        /// The migrations and what the database records of them do not fit together.
        public static let migration = Code("migration")
    }

    public let code: Code
    /// The server's five-character code (PostgreSQL, appendix A).
    public let sqlState: String?
    /// The server's words, or ours.
    let message: String
    public internal(set) var constraint: String?
    public internal(set) var table: String?
    public internal(set) var column: String?
    var detail: String?
    var hint: String?
    /// Whether a prepared statement has become useless: preparing it again cures that.
    var isStalePlan = false
    /// Where the program asked for what failed.
    public internal(set) var file: String
    public internal(set) var line: UInt

    init(
        _ code: Code, _ message: String, sqlState: String? = nil, file: String = #fileID, line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.file = file
        self.line = line
    }

    /// The same error, with the place in the program that asked.
    func located(_ file: String, _ line: UInt) -> PostgresError {
        var copy = self
        copy.file = file
        copy.line = line
        return copy
    }

    /// Whether the same transaction may well succeed when it is repeated. An unknown commit outcome is not in here: repeating
    /// is only right where an id or the inbox makes it harmless.
    public var isRetriable: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .poolTimeout, .timedOut, .cancelled: return true
        case .server:
            guard let sqlState else { return false }
            // Serialization failure, deadlock, lock not available, shutdowns and starting up, connection exceptions, too few
            // resources.
            return ["40001", "40P01", "55P03", "57P01", "57P02", "57P03"].contains(sqlState)
                || sqlState.hasPrefix("08") || sqlState.hasPrefix("53")
        default: return false
        }
    }

    /// A column that does not hold what the code expects.
    public static func decoding(
        _ cell: PostgresCell, _ reason: String, file: String = #fileID, line: UInt = #line
    ) -> PostgresError {
        PostgresError(.decoding, "a column \(reason)", file: file, line: line)
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The kind of failure, and the schema's own names: never data.
    public var description: String {
        var text = "\(code)"
        if let sqlState { text += ", SQLSTATE \(sqlState)" }
        if let constraint { text += ", constraint \(constraint)" }
        return text
    }

    public var debugDescription: String {
        var text = "\(description): \(message)"
        if let detail { text += " (\(detail))" }
        if let hint { text += " (\(hint))" }
        return text + " [\(file):\(line)]"
    }
}
