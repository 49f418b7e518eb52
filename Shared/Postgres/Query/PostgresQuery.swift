/// A statement with its values. Interpolation binds, it never splices:
/// ```swift
/// let query: PostgresQuery = "SELECT state FROM holds WHERE id = \(holdID) AND note IS NOT DISTINCT FROM \(note)"
/// ```
/// has the text `… WHERE id = $1 AND note IS NOT DISTINCT FROM $2` and two bindings; a `nil` binds NULL. Only
/// `\(unescaped:)` puts text into the statement, and only the program's own text may go there.
public struct PostgresQuery: Sendable, ExpressibleByStringInterpolation {
    /// The text, with a parameter such as `$1` for each value.
    public let sql: String
    let bindings: PostgresBindings

    public init(stringLiteral value: String) {
        sql = value
        bindings = PostgresBindings()
    }

    public init(stringInterpolation: StringInterpolation) {
        sql = stringInterpolation.sql
        bindings = stringInterpolation.bindings
    }

    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var sql = ""
        var bindings = PostgresBindings()

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + interpolationCount * 4)
        }

        public mutating func appendLiteral(_ literal: String) {
            sql.append(literal)
        }

        /// Binds the value.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            bindings.append(value)
            sql.append("$\(bindings.values.count)")
        }

        /// Binds the value, or NULL for `nil`.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            bindings.append(value)
            sql.append("$\(bindings.values.count)")
        }

        /// Splices text of the program, never of a user, into the statement.
        public mutating func appendInterpolation(unescaped sql: String) {
            self.sql.append(sql)
        }
    }
}

extension PostgresQuery: CustomStringConvertible {
    /// The text with its parameters; no value is shown.
    public var description: String {
        "\(sql) [\(bindings.values.map { _ in "****" }.joined(separator: ", "))]"
    }
}
