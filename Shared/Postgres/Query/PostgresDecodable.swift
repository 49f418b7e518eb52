/// A type whose values may be read from a result.
///
/// A type that wraps another one forwards to it: `init(_ cell: PostgresCell) throws { self.init(try UUID(cell)) }`. An
/// enumeration with raw values needs only the name of the protocol. Arrays and optionals of the type follow by themselves.
public protocol PostgresDecodable: Sendable {
    /// Reads the value of one cell.
    /// - Throws: ``PostgresError`` with the code `decoding` when the cell is NULL or holds something else.
    init(_ cell: PostgresCell) throws

    /// Reads an array of such values. The default reads the database's arrays; only bytes differ.
    static func decodeArray(_ cell: PostgresCell) throws -> [Self]
}

extension PostgresDecodable {
    public static func decodeArray(_ cell: PostgresCell) throws -> [Self] {
        try cell.elements().map { try Self($0) }
    }
}
