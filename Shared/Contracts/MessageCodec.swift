import Foundation

/// How messages become the bytes of an AMQP body: JSON, one message a body.
///
/// The content type leaves room for a batch form (several messages for one queue in one body): a body whose content type
/// is not ``contentType`` is refused, never guessed at.
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
