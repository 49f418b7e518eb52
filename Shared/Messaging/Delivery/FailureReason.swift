import Postgres

/// Why handling something failed, as it may stand in logs, headers and tables.
enum FailureReason {
    /// All of the error, except for what the database says of rows: that may be personal data or a secret.
    static func text(of error: any Error) -> String {
        guard let error = error as? PostgresError else { return String(reflecting: error) }
        return "\(error); \(error.message)"
    }
}
