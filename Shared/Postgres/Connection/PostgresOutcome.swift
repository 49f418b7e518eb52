/// What became of one use of a connection.
enum PostgresOutcome<R: Sendable>: Sendable {
    /// The connection had ended while it was idle. Nothing was sent.
    case stale
    case finished(Result<R, any Error>, isReusable: Bool)
}
