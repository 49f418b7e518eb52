/// `integer`. Reads any integer that fits, and a numeric without fraction, such as `sum(bigint)` gives.
extension Int32: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .int4 }

    public func encode() throws -> PostgresValue { PostgresValue(.four(UInt32(bitPattern: self))) }

    public init(_ cell: PostgresCell) throws {
        self = try cell.integer(Int32.self)
    }
}
