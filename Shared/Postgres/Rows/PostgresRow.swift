/// One row of a result. It keeps the result alive.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int

    /// How many columns the row has.
    public var columnCount: Int { result.columnCount }

    /// The cell of the first column with exactly this name.
    /// - Throws: ``PostgresError`` with the code `decoding` when there is none.
    public subscript(_ column: String) -> PostgresCell {
        get throws {
            guard let number = result.column(named: column) else {
                throw PostgresError(.decoding, "the result has no column \"\(column)\"")
            }
            return result.cell(row: index, column: number)
        }
    }

    /// The cell of a column by its number, from 0.
    /// - Throws: ``PostgresError`` with the code `decoding` when there is none.
    public subscript(_ column: Int) -> PostgresCell {
        get throws {
            guard (0..<result.columnCount).contains(column) else {
                throw PostgresError(.decoding, "the result has no column number \(column + 1)")
            }
            return result.cell(row: index, column: column)
        }
    }

    /// Reads the value of the first column with exactly this name.
    /// - Throws: ``PostgresError`` with the code `decoding`.
    public func decode<Value: PostgresDecodable>(
        _ column: String, as type: Value.Type = Value.self, file: String = #fileID, line: Int = #line
    ) throws -> Value {
        do {
            return try Value(self[column])
        } catch let error as PostgresError {
            throw error.located(file, line)
        }
    }

    /// Reads all columns in their order.
    func decodeAll<each Value: PostgresDecodable>(_: repeat (each Value).Type) throws -> (repeat each Value) {
        var column = 0
        func next<Element: PostgresDecodable>(_: Element.Type) throws -> Element {
            defer { column += 1 }
            return try Element(result.cell(row: index, column: column))
        }
        return (repeat try next((each Value).self))
    }
}
