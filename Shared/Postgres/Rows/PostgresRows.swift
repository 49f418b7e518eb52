/// The rows of one statement. They own the result, which libpq has received in full.
public struct PostgresRows: Sendable, RandomAccessCollection {
    let result: PostgresResult

    init(_ result: PostgresResult) {
        self.result = result
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int { result.rowCount }

    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(result: result, index: position)
    }

    /// How many rows the statement inserted, changed, deleted or returned.
    public var affectedRows: Int { result.affectedRows }

    /// The names of the columns, in order.
    public var columnNames: [String] { (0..<result.columnCount).map(result.columnName) }
}
