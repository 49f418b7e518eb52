/// A single byte is a `smallint`; an array of bytes is `bytea`.
extension UInt8: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .int2 }

    public static var postgresArrayType: PostgresType? { .bytea }

    public func encode() throws -> PostgresValue { PostgresValue(.two(UInt16(self))) }

    public static func encode(array: [UInt8]) throws -> PostgresValue { PostgresValue(bytes: array) }

    public init(_ cell: PostgresCell) throws {
        self = try cell.integer(UInt8.self)
    }

    public static func decodeArray(_ cell: PostgresCell) throws -> [UInt8] {
        guard cell.type == .bytea else { throw PostgresError.decoding(cell, "is not bytea") }
        return try cell.withUnsafeBytes { [UInt8]($0) }
    }
}
