import Foundation

/// A value that is stored as `jsonb`, written and read through its `Codable` conformance.
public struct PostgresJSON<Value: Sendable>: Sendable {
    public var value: Value
    private let encoder: JSONEncoder

    /// - Parameter encoder: for types that need special strategies. To read such types, decode a ``PostgresRawJSON`` and give
    ///   its `decode` the matching decoder.
    public init(_ value: Value, encoder: JSONEncoder) {
        self.value = value
        self.encoder = encoder
    }

    public init(_ value: Value) {
        self.init(value, encoder: PostgresRawJSON.encoder)
    }
}

extension PostgresJSON: PostgresEncodable where Value: Encodable {
    public static var postgresType: PostgresType { .jsonb }

    public func encode() throws -> PostgresValue {
        do {
            return try PostgresRawJSON([UInt8](encoder.encode(value))).encode()
        } catch let error as EncodingError {
            // The error itself may quote the value.
            throw PostgresError.encoding("a \(Value.self) could not be written as JSON: \(error.path)")
        }
    }
}

extension PostgresJSON: PostgresDecodable where Value: Decodable {
    public init(_ cell: PostgresCell) throws {
        self.init(try cell.decodeJSON(Value.self, decoder: PostgresRawJSON.decoder))
    }
}

extension PostgresJSON: Equatable where Value: Equatable {
    public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

extension PostgresJSON: Hashable where Value: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension PostgresCell {
    /// Reads a value from `jsonb` or `json`.
    func decodeJSON<Value: Decodable>(_: Value.Type, decoder: JSONDecoder) throws -> Value {
        let json = try PostgresRawJSON(self)
        do {
            return try decoder.decode(Value.self, from: Data(json.bytes))
        } catch let error as DecodingError {
            throw PostgresError.decoding(self, "is not the JSON of a \(Value.self): \(error.path)")
        }
    }
}

extension EncodingError {
    /// Where in the value the failure is.
    fileprivate var path: String {
        switch self {
        case .invalidValue(_, let context): context.codingPath.description(of: "invalid value")
        @unknown default: "invalid value"
        }
    }
}

extension DecodingError {
    /// What is wrong and where in the text, without the text.
    var path: String {
        switch self {
        case .typeMismatch(let type, let context): context.codingPath.description(of: "not a \(type)")
        case .valueNotFound(let type, let context): context.codingPath.description(of: "no \(type)")
        case .keyNotFound(let key, let context):
            (context.codingPath + [key]).description(of: "missing key")
        case .dataCorrupted(let context): context.codingPath.description(of: "not valid")
        @unknown default: "not valid"
        }
    }
}

extension [any CodingKey] {
    fileprivate func description(of problem: String) -> String {
        "\(problem) at \(isEmpty ? "the top" : map(\.stringValue).joined(separator: "."))"
    }
}
