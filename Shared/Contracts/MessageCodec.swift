import Foundation

/// How messages become the bytes of an AMQP body: JSON. Several messages that travel together are a `MessageBundle`, which
/// has a content type of its own; a body of any other is refused, never guessed at.
public enum MessageCodec {
    public static let contentType = "application/json"

    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        Array(try encoder.encode(value))
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()
    private static let decoder = JSONDecoder()

    /// The same JSON with sorted keys and line breaks: for golden files and documents that people read.
    public static func encodeForReading(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from body: [UInt8]) throws -> Value {
        try decoder.decode(type, from: Data(body))
    }
}
