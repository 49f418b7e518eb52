/// `boolean`.
extension Bool: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .bool }

    public func encode() throws -> PostgresValue { PostgresValue(.one(self ? 1 : 0)) }

    public init(_ cell: PostgresCell) throws {
        guard cell.type == .bool else { throw PostgresError.decoding(cell, "is not a boolean") }
        self = try cell.fixedWidth(UInt8.self) != 0
    }
}
