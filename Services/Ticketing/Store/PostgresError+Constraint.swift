import Postgres

extension PostgresError {
    /// Whether a unique constraint of this name refused a row (SQLSTATE 23505).
    func isDuplicate(of constraint: String) -> Bool {
        sqlState == "23505" && self.constraint == constraint
    }
}
