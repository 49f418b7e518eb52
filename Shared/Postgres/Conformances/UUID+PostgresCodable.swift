import Foundation

/// `uuid`.
extension UUID: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .uuid }

    public func encode() throws -> PostgresValue { PostgresValue(.uuid(self)) }

    public init(_ cell: PostgresCell) throws {
        guard cell.type == .uuid else { throw PostgresError.decoding(cell, "is not a uuid") }
        self = try cell.withUnsafeBytes { bytes in
            guard bytes.count == 16 else { throw PostgresError.decoding(cell, "has not the size of a uuid") }
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }
}
