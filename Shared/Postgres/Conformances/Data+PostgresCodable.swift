import Foundation

/// `bytea`.
extension Data: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .bytea }

    public func encode() throws -> PostgresValue { PostgresValue(bytes: [UInt8](self)) }

    public init(_ cell: PostgresCell) throws {
        guard cell.type == .bytea else { throw PostgresError.decoding(cell, "is not bytea") }
        self = try cell.withUnsafeBytes { Data($0) }
    }
}
