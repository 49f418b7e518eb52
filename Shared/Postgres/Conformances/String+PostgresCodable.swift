/// `text`. Also reads the other text types, json, and types that users made with a textual form, such as enumerations.
extension String: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .text }

    public func encode() throws -> PostgresValue { PostgresValue(text: self) }

    public init(_ cell: PostgresCell) throws {
        var prefix = 0
        switch cell.type {
        case .text, .varchar, .bpchar, .name, .char, .json, .xml, .unknown: break
        case .jsonb: prefix = 1
        case let type where type.rawValue >= PostgresType.firstUserDefined: break
        default: throw PostgresError.decoding(cell, "is not text")
        }
        let text = try cell.withUnsafeBytes { String(validating: $0.dropFirst(prefix), as: UTF8.self) }
        guard let text else { throw PostgresError.decoding(cell, "is not UTF-8") }
        self = text
    }
}
