/// `double precision`. Also reads `real`, and integers and numerics as the nearest value.
extension Double: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .float8 }

    public func encode() throws -> PostgresValue { PostgresValue(.eight(bitPattern)) }

    public init(_ cell: PostgresCell) throws {
        switch cell.type {
        case .float8: self = Double(bitPattern: try cell.fixedWidth(UInt64.self))
        case .float4: self = Double(Float(bitPattern: try cell.fixedWidth(UInt32.self)))
        case .numeric: self = try PostgresNumeric(cell).double
        case .int2, .int4, .int8: self = Double(try cell.integer(Int64.self))
        default: throw PostgresError.decoding(cell, "is not a number")
        }
    }
}
