import Contracts

/// What an endpoint wants as a body.
struct RequestBodyRule: Sendable {
    enum Check: Sendable {
        /// Every rule of the schema is checked before the endpoint sees the body.
        case schema
        /// The endpoint checks the values itself, because it is called too often for the general check; the schema
        /// explains what could not be read.
        case endpoint
    }

    let schema: Schema
    let example: JSONValue
    let contentTypes: [String]
    let check: Check
    /// Whether a body must be sent at all.
    var isRequired = true

    static func json(_ schema: Schema, example: some Encodable, check: Check = .schema) -> RequestBodyRule {
        RequestBodyRule(
            schema: schema, example: .encoding(example), contentTypes: ["application/json"], check: check)
    }

    /// JSON that may be left away: the endpoint then goes by its defaults.
    static func optionalJSON(_ schema: Schema, example: some Encodable) -> RequestBodyRule {
        var rule = json(schema, example: example)
        rule.isRequired = false
        return rule
    }

    /// JSON Merge Patch (RFC 7396), under its own media type or as plain JSON.
    static func mergePatch(_ schema: Schema, example: some Encodable) -> RequestBodyRule {
        RequestBodyRule(
            schema: schema, example: .encoding(example),
            contentTypes: ["application/merge-patch+json", "application/json"], check: .schema)
    }
}

extension JSONValue {
    /// A value's JSON; null for one that cannot be encoded, which no contract is.
    static func encoding(_ value: some Encodable) -> JSONValue {
        guard let bytes = try? MessageCodec.encode(value),
            let json = try? MessageCodec.decode(JSONValue.self, from: bytes)
        else { return .null }
        return json
    }
}
