import Postgres

/// An enumeration of the contracts, read from a text column.
struct TextColumn<Value: RawRepresentable<String> & Sendable>: PostgresDecodable {
    let value: Value

    init(_ cell: PostgresCell) throws {
        guard let value = Value(rawValue: try String(cell)) else {
            throw PostgresError.decoding(cell, "holds no value of \(Value.self)")
        }
        self.value = value
    }
}

extension PostgresRow {
    /// Reads an enumeration of the contracts.
    func choice<Value: RawRepresentable<String> & Sendable>(
        _ column: String, as: Value.Type = Value.self
    ) throws -> Value {
        try TextColumn<Value>(self[column]).value
    }
}
