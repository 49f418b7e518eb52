import Foundation

/// The text of a `jsonb` value, neither parsed nor changed here. (The server itself normalises `jsonb`.)
public struct PostgresRawJSON: Sendable, Hashable {
    static let encoder = JSONEncoder()
    static let decoder = JSONDecoder()

    /// The JSON text in UTF-8.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        bytes = [UInt8](text.utf8)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads a value from the text.
    /// - Throws: ``PostgresError`` with the code `decoding`.
    public func decode<Value: Decodable>(_: Value.Type, decoder: JSONDecoder = JSONDecoder()) throws -> Value {
        do {
            return try decoder.decode(Value.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw PostgresError(.decoding, "is not the JSON of a \(Value.self): \(error.path)")
        }
    }
}

extension PostgresRawJSON: PostgresEncodable, PostgresDecodable {
    /// The format version that precedes the text in binary `jsonb`.
    private static let version: UInt8 = 1

    public static var postgresType: PostgresType { .jsonb }

    public func encode() throws -> PostgresValue { PostgresValue(bytes: [Self.version] + bytes) }

    public init(_ cell: PostgresCell) throws {
        switch cell.type {
        case .json: self.init(try cell.withUnsafeBytes { [UInt8]($0) })
        case .jsonb:
            self.init(
                try cell.withUnsafeBytes { bytes in
                    guard bytes.first == Self.version else {
                        throw PostgresError.decoding(cell, "is of an unknown version of jsonb")
                    }
                    return [UInt8](bytes.dropFirst())
                })
        default: throw PostgresError.decoding(cell, "is not JSON")
        }
    }
}
