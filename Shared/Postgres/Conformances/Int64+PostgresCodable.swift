/// `bigint`. Reads any integer that fits, and a numeric without fraction, such as `sum(bigint)` gives.
extension Int64: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .int8 }

    public func encode() throws -> PostgresValue { PostgresValue(.eight(UInt64(bitPattern: self))) }

    public init(_ cell: PostgresCell) throws {
        self = try cell.integer(Int64.self)
    }
}
