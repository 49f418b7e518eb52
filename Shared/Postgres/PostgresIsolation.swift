/// What a transaction may see of others (PostgreSQL manual, "Transaction Isolation").
public enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    /// Fails with 40001 where the transactions could not have run one after the other: do it again.
    case serializable = "SERIALIZABLE"
}
