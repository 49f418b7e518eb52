/// One step of a database's schema.
public struct PostgresMigration: Sendable, Hashable {
    /// Four digits and words, such as `0001_create_holds`. The order of the names is the order of the steps.
    public let name: String
    /// Statements separated by semicolons, all done in one transaction. Never changed once it was applied anywhere.
    public let sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}
