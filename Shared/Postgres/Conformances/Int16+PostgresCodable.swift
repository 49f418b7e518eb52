/// `smallint`. Reads any integer that fits, and a numeric without fraction, such as `sum(bigint)` gives.
extension Int16: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .int2 }

    public func encode() throws -> PostgresValue { PostgresValue(.two(UInt16(bitPattern: self))) }

    public init(_ cell: PostgresCell) throws {
        self = try cell.integer(Int16.self)
    }
}
