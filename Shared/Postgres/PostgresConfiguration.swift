import CPostgres

/// Which server and database to use, and how patiently.
public struct PostgresConfiguration: Sendable {
    /// How the connection is protected (libpq's `sslmode`).
    public enum TLSMode: String, Sendable, CaseIterable {
        case disable
        /// TLS when the server offers it; protects against nobody who can change the traffic.
        case prefer
        case require
        /// TLS, and the certificate must come from a trusted authority.
        case verifyAuthority = "verify-ca"
        /// TLS, a trusted certificate, and it must be for this host.
        case verifyFull = "verify-full"
    }

    /// A host name, an address, or the folder of the server's socket (an absolute path).
    public var host: String
    public var port: Int
    public var username: String
    public var password: String?
    public var database: String
    public var tls: TLSMode = .prefer
    /// The file of the certificate authorities to trust, in PEM.
    public var rootCertificatePath: String?
    /// The longest a new connection may take.
    public var connectTimeout: Duration = .seconds(5)
    /// The most connections the client holds; also the most of its threads that can wait for the server.
    public var maximumConnections = 8
    /// The most callers that may wait for a connection.
    public var maximumWaiters = 10_000
    /// The longest a caller waits for a connection.
    public var acquireTimeout: Duration = .seconds(5)
    /// The longest a statement may run. The server stops it then; when the server does not answer within five more seconds, the
    /// connection is given up.
    public var statementTimeout: Duration = .seconds(30)
    /// How long an unused connection stays open; nil for ever. Needs ``PostgresClient/run()``.
    public var idleTimeout: Duration?
    /// How the server plans statements.
    public var planning = Planning.anew

    /// How the server plans statements.
    public enum Planning: Sendable {
        /// For the values of each execution, as the server sees fit: for questions that are asked now and then.
        case anew
        /// Once for each connection, by index: for the same small statements all day long. Planning costs as much as their
        /// execution does, and a plan that was made while a table had a page or two would read it from end to end, or
        /// join by hashing all of it, until the next `ANALYZE`: minutes of a rush. Read-only transactions are planned as the
        /// server sees fit.
        case onceByIndex
    }

    /// The name that the server's views and logs show.
    public var applicationName = "voelgoed"

    public init(
        host: String, port: Int = 5432, username: String, password: String? = nil, database: String
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.database = database
    }

    /// Reads `postgres://user:password@host:port/database?sslmode=…`, as libpq does (PostgreSQL manual, "Connection URIs"). A
    /// socket folder goes in as `?host=/folder`. Known parameters: `host`, `port`, `user`, `password`, `dbname`, `sslmode`,
    /// `sslrootcert`, `connect_timeout` (seconds), `application_name`.
    /// - Throws: ``PostgresError`` with the code `configuration`; the message does not quote the URL.
    public init(url: String) throws {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            throw PostgresError(.configuration, "a database URL begins with postgres://")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            // The message may quote the password, so it is not passed on.
            PQfreemem(message)
            throw PostgresError(.configuration, "the database URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        self.init(host: "localhost", username: "postgres", database: "")
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                try set(String(cString: keyword), to: String(cString: value))
            }
            option += 1
        }
        if database.isEmpty { database = username }
    }

    private mutating func set(_ keyword: String, to value: String) throws {
        switch keyword {
        case "host":
            guard !value.contains(",") else {
                throw PostgresError(.configuration, "the database URL names several hosts")
            }
            host = value
        case "port":
            guard let number = UInt16(value) else {
                throw PostgresError(.configuration, "the port in the database URL is not a number up to 65535")
            }
            port = Int(number)
        case "user": username = value
        case "password": password = value
        case "dbname": database = value
        case "sslmode":
            guard let mode = TLSMode(rawValue: value) else {
                let known = TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw PostgresError(.configuration, "sslmode in the database URL is not one of \(known)")
            }
            tls = mode
        case "sslrootcert": rootCertificatePath = value
        case "connect_timeout":
            guard let seconds = Int(value), seconds > 0 else {
                throw PostgresError(.configuration, "connect_timeout in the database URL is not a positive number")
            }
            connectTimeout = .seconds(seconds)
        case "application_name": applicationName = value
        default: throw PostgresError(.configuration, "the database URL has an unsupported parameter \(keyword)")
        }
    }

    /// How long a call may wait for the server: the server's own limit, and time for its answer to arrive.
    static func answerTimeout(for statementTimeout: Duration) -> Duration {
        statementTimeout + .seconds(5)
    }

    /// libpq's names and values of these settings.
    var parameters: [(keyword: String, value: String)] {
        var parameters = [
            ("host", host), ("port", String(port)), ("user", username), ("dbname", database),
            ("sslmode", tls.rawValue), ("application_name", applicationName), ("client_encoding", "UTF8"),
            // Kerberos is not used, and asking for it costs a round trip.
            ("gssencmode", "disable"),
            // A peer that vanished is noticed within a minute when idle and 20 s when something is on its way.
            ("keepalives", "1"), ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"),
            (
                "options",
                "-c statement_timeout=\(max(1, statementTimeout.wholeMilliseconds)) -c TimeZone=UTC"
                    // A process that is frozen in a transaction must not keep its locks for ever.
                    + " -c idle_in_transaction_session_timeout=60000" + planning.options
            ),
        ]
        if let password { parameters.append(("password", password)) }
        if let rootCertificatePath { parameters.append(("sslrootcert", rootCertificatePath)) }
        return parameters.map { (keyword: $0.0, value: $0.1) }
    }
}

extension Duration {
    /// In milliseconds, rounded up.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

extension PostgresConfiguration.Planning {
    fileprivate var options: String {
        switch self {
        case .anew: ""
        case .onceByIndex:
            " -c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off -c enable_hashjoin=off"
                + " -c enable_mergejoin=off"
        }
    }
}
