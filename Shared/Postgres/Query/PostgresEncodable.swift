/// A type whose values may be bound in a ``PostgresQuery``.
///
/// A type that wraps another one forwards to it:
/// ```swift
/// extension OrderID: PostgresEncodable {
///     static var postgresType: PostgresType { UUID.postgresType }
///     func encode() throws -> PostgresValue { try rawValue.encode() }
/// }
/// ```
/// An enumeration with raw values needs only the name of the protocol. Arrays and optionals of the type follow by themselves.
public protocol PostgresEncodable: Sendable {
    /// The type that the server is told. It casts in assignments, but not everywhere: where SQL wants another type, write a
    /// cast (`\(count)::int4`).
    static var postgresType: PostgresType { get }

    /// The value in the binary format of ``postgresType``.
    /// - Throws: ``PostgresError`` with the code `encoding` when the database has no such value.
    func encode() throws -> PostgresValue

    /// The type of an array of such values. The default is the database's array type; only bytes differ.
    static var postgresArrayType: PostgresType? { get }

    /// An array of such values in the binary format of ``postgresArrayType``.
    static func encode(array: [Self]) throws -> PostgresValue
}

extension PostgresEncodable {
    public static var postgresArrayType: PostgresType? { postgresType.arrayType }

    public static func encode(array: [Self]) throws -> PostgresValue {
        guard postgresType.arrayType != nil else {
            throw PostgresError.encoding("there is no array type for \(postgresType)")
        }
        // PostgreSQL's array_send: dimensions, a flag for NULLs, the element type, length and lower bound, the elements.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + array.count * 12)
        bytes.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(0))
        bytes.append(bigEndian: postgresType.rawValue)
        guard !array.isEmpty else { return PostgresValue(bytes: bytes) }
        bytes.append(bigEndian: Int32(array.count))
        bytes.append(bigEndian: Int32(1))
        for element in array {
            let value = try element.encode()
            let start = bytes.count
            bytes.append(bigEndian: Int32(-1))
            if value.isNull {
                bytes[7] = 1
            } else {
                value.append(to: &bytes)
                let length = UInt32(bytes.count - start - 4)
                for offset in 0..<4 {
                    bytes[start + offset] = UInt8(truncatingIfNeeded: length >> UInt32(24 - offset * 8))
                }
            }
        }
        return PostgresValue(bytes: bytes)
    }
}

/// A type that can be bound and read.
public typealias PostgresCodable = PostgresEncodable & PostgresDecodable
