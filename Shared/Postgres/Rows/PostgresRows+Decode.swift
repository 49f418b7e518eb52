// Reading rows by position: the types stand in the order of the columns, one for each.

extension PostgresRows {
    /// Reads every row as a tuple: `rows.decode((UUID, String).self)`.
    /// - Throws: ``PostgresError`` with the code `decoding`, also when the number of columns differs.
    public func decode<each Value: PostgresDecodable>(
        _: (repeat each Value).Type, file: String = #fileID, line: Int = #line
    ) throws -> [(repeat each Value)] {
        try located(file, line) {
            var count = 0
            for _ in repeat (each Value).self { count += 1 }
            try requireColumns(count)
            var values: [(repeat each Value)] = []
            values.reserveCapacity(self.count)
            for row in self {
                values.append(try row.decodeAll(repeat (each Value).self))
            }
            return values
        }
    }

    /// Reads the only column of every row: `rows.decode(UUID.self)`.
    /// - Throws: ``PostgresError`` with the code `decoding`, also when there is not exactly one column.
    public func decode<Value: PostgresDecodable>(
        _: Value.Type, file: String = #fileID, line: Int = #line
    ) throws -> [Value] {
        try located(file, line) {
            try requireColumns(1)
            return try (0..<count).map { try Value(result.cell(row: $0, column: 0)) }
        }
    }

    /// Reads the first row; nil when there is none.
    public func decodeFirst<each Value: PostgresDecodable>(
        _: (repeat each Value).Type, file: String = #fileID, line: Int = #line
    ) throws -> (repeat each Value)? {
        try located(file, line) {
            var count = 0
            for _ in repeat (each Value).self { count += 1 }
            try requireColumns(count)
            return try first?.decodeAll(repeat (each Value).self)
        }
    }

    /// Reads the only column of the first row; nil when there is no row.
    public func decodeFirst<Value: PostgresDecodable>(
        _: Value.Type, file: String = #fileID, line: Int = #line
    ) throws -> Value? {
        try located(file, line) {
            try requireColumns(1)
            return isEmpty ? nil : try Value(result.cell(row: 0, column: 0))
        }
    }

    /// Reads the only row.
    /// - Throws: ``PostgresError`` with the code `unexpectedRowCount` when there is not exactly one.
    public func decodeOne<each Value: PostgresDecodable>(
        _: (repeat each Value).Type, file: String = #fileID, line: Int = #line
    ) throws -> (repeat each Value) {
        try located(file, line) {
            var count = 0
            for _ in repeat (each Value).self { count += 1 }
            try requireColumns(count)
            return try onlyRow().decodeAll(repeat (each Value).self)
        }
    }

    /// Reads the only column of the only row.
    /// - Throws: ``PostgresError`` with the code `unexpectedRowCount` when there is not exactly one row.
    public func decodeOne<Value: PostgresDecodable>(
        _: Value.Type, file: String = #fileID, line: Int = #line
    ) throws -> Value {
        try located(file, line) {
            try requireColumns(1)
            return try Value(onlyRow()[0])
        }
    }

    private func onlyRow() throws -> PostgresRow {
        guard let row = first, count == 1 else {
            throw PostgresError(.unexpectedRowCount, "expected one row and got \(count)")
        }
        return row
    }

    private func requireColumns(_ count: Int) throws {
        guard count == result.columnCount else {
            throw PostgresError(
                .decoding, "the result has \(result.columnCount) columns and \(count) types were given")
        }
    }

    private func located<R>(_ file: String, _ line: Int, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as PostgresError {
            throw error.located(file, line)
        }
    }
}
