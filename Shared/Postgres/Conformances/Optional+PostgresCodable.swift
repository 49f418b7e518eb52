/// The wrapped type; `nil` is NULL.
extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public static var postgresType: PostgresType { Wrapped.postgresType }

    public func encode() throws -> PostgresValue {
        switch self {
        case .none: .null
        case .some(let value): try value.encode()
        }
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        self = cell.isNull ? nil : try Wrapped(cell)
    }
}
