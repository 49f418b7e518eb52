import Postgres

/// Something the operator can put right; printed as it is.
struct OperatorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What an error says to the operator: unlike a log, the operator's terminal may show the database server's own
    /// words.
    static func explain(_ error: any Error) -> String {
        (error as? PostgresError)?.message ?? String(describing: error)
    }
}
