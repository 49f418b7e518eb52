import Postgres

/// The database could not do its own part of handling a message, such as noting it in the inbox: never the message's fault.
struct DatabaseTrouble: Error, CustomStringConvertible {
    let underlying: any Error

    var description: String { "the runtime's own tables: \(String(reflecting: underlying))" }

    /// Whether the database, and not the work, is at fault: the work waits and is repeated instead of being charged with a
    /// failure.
    static func isCause(of error: any Error) -> Bool {
        if error is CancellationError || error is DatabaseTrouble { return true }
        guard let error = error as? PostgresError else { return false }
        if error.isRetriable { return true }
        switch error.code {
        case .commitOutcomeUnknown, .clientClosed: return true
        case .server:
            // Insufficient resources (a full disk), system errors, and a standby that takes no writes (PostgreSQL manual,
            // appendix A).
            guard let state = error.sqlState else { return false }
            return state.hasPrefix("53") || state.hasPrefix("58") || state == "25006"
        default: return false
        }
    }
}
