// An enumeration with raw values conforms by naming the protocol: `enum HoldState: String, PostgresCodable`.

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    public static var postgresType: PostgresType { RawValue.postgresType }

    public func encode() throws -> PostgresValue { try rawValue.encode() }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        guard let value = Self(rawValue: try RawValue(cell)) else {
            throw PostgresError.decoding(cell, "holds no value of \(Self.self)")
        }
        self = value
    }
}
