/// How one transaction is to run.
struct PostgresTransactionOptions: Sendable {
    var scope: PostgresScope = .service
    var isolation: PostgresIsolation = .readCommitted
    var readOnly = false
    /// Overrides the connection's limit for each statement.
    var statementTimeout: Duration?

    /// What opens the transaction. Sent together with its first statement.
    var statements: [PostgresQuery] {
        var statements: [PostgresQuery] = [
            "BEGIN ISOLATION LEVEL \(unescaped: isolation.rawValue)\(unescaped: readOnly ? " READ ONLY" : "")"
        ]
        // Reads may leave filters out and begin anywhere in a list: only a plan for their own values finds both by index.
        if readOnly { statements.append("SET LOCAL plan_cache_mode = auto") }
        if let statementTimeout {
            statements.append(
                "SELECT set_config('statement_timeout', \(String(statementTimeout.wholeMilliseconds)), true)")
        }
        return statements + scope.statements
    }
}
