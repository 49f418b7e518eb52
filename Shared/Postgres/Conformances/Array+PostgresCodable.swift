/// The database's array of the element type, of one dimension; `[UInt8]` is `bytea`, and so `[[UInt8]]` is `bytea[]`.
extension Array: PostgresEncodable where Element: PostgresEncodable {
    /// The type `unknown` for elements without an array type, whose encoding then throws.
    public static var postgresType: PostgresType { Element.postgresArrayType ?? .unknown }

    public func encode() throws -> PostgresValue { try Element.encode(array: self) }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        self = try Element.decodeArray(cell)
    }
}
