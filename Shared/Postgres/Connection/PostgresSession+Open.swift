import CPostgres
import Foundation

extension PostgresSession {
    /// Opens a connection, within the connect timeout. Resolving the host's name is the one part that libpq does without a
    /// limit of ours; the resolver has its own.
    /// - Throws: ``PostgresError`` with the code `connectionFailed`.
    static func open(_ configuration: PostgresConfiguration) throws -> PostgresSession {
        let deadline = ContinuousClock.now + configuration.connectTimeout
        guard let connection = start(configuration) else {
            throw PostgresError(.connectionFailed, "libpq has no memory for a connection")
        }
        var progress = PGRES_POLLING_WRITING
        while progress != PGRES_POLLING_OK {
            guard progress != PGRES_POLLING_FAILED, PQstatus(connection) != CONNECTION_BAD else {
                throw failure(connection, "the connection could not be opened")
            }
            let events = progress == PGRES_POLLING_READING ? POLLIN : POLLOUT
            // Asked anew each time: libpq changes the socket when it tries the host's next address.
            guard PostgresSocket(descriptor: PQsocket(connection)).wait(for: Int32(events), until: deadline) else {
                throw failure(connection, "the server did not answer in time")
            }
            progress = PQconnectPoll(connection)
        }
        return PostgresSession(connection, configuration: configuration)
    }

    private static func start(_ configuration: PostgresConfiguration) -> OpaquePointer? {
        let parameters = configuration.parameters
        let strings = parameters.map { (keyword: strdup($0.keyword), value: strdup($0.value)) }
        defer {
            for string in strings {
                free(string.keyword)
                free(string.value)
            }
        }
        let keywords = strings.map { UnsafePointer<CChar>($0.keyword) } + [nil]
        let values = strings.map { UnsafePointer<CChar>($0.value) } + [nil]
        return PQconnectStartParams(keywords, values, 0)
    }

    private static func failure(_ connection: OpaquePointer, _ reason: String) -> PostgresError {
        let words = String(cString: PQerrorMessage(connection)).trimmingCharacters(in: .whitespacesAndNewlines)
        PQfinish(connection)
        return PostgresError(.connectionFailed, words.isEmpty ? reason : "\(reason): \(words)")
    }
}
