import Contracts

/// A named JSON Schema of the API (draft 2020-12, as OpenAPI 3.1 uses it), derived from a contract and narrowed by the
/// rules that the contract's types cannot say.
struct Schema: Sendable, Equatable {
    let name: String
    private(set) var json: JSONValue

    /// The schema of what the example is an example of. Properties that are any JSON are objects: that is what the
    /// seeds keep in them.
    init(_ name: String, describing example: some Encodable) {
        self.name = name
        self.json = Self.closing(JSONSchema.describing(example))
    }

    init(_ name: String, json: JSONValue) {
        self.name = name
        self.json = json
    }

    /// The same with further rules for one place.
    /// - Parameter path: such as `buyer.email`, `items[].quantity` or, for the schema itself, an empty text.
    func with(_ path: String, _ rules: [String: JSONValue]) -> Schema {
        var copy = self
        let steps = path.replacing("[]", with: ".[]").split(separator: ".").map(String.init)
        copy.json = Self.adding(rules, to: json, at: steps[...])
        return copy
    }

    /// The same for a request: what is optional may also be null, which is read as absent.
    var forRequests: Schema { Schema(name, json: Self.openingToNull(json)) }

    /// The same under JSON Merge Patch (RFC 7396): nothing is required, and null removes.
    func forMergePatch(_ name: String) -> Schema {
        guard case .object(var members) = json else { return self }
        members["required"] = nil
        return Schema(name, json: Self.openingToNull(.object(members))).with("", ["minProperties": .integer(1)])
    }

    /// The same with one more property, optional.
    func adding(_ property: String, _ schema: JSONValue) -> Schema {
        guard case .object(var members) = json, case .object(var properties)? = members["properties"] else {
            return self
        }
        properties[property] = schema
        members["properties"] = .object(properties)
        return Schema(name, json: .object(members))
    }

    private static func adding(
        _ rules: [String: JSONValue], to schema: JSONValue, at path: ArraySlice<String>
    ) -> JSONValue {
        guard case .object(var members) = schema else { preconditionFailure("the path leads out of the schema") }
        guard let step = path.first else { return .object(members.merging(rules) { $1 }) }
        if step == "[]" {
            guard let items = members["items"] else { preconditionFailure("\(step) leads out of the schema") }
            members["items"] = adding(rules, to: items, at: path.dropFirst())
        } else {
            guard case .object(var properties)? = members["properties"], let property = properties[step] else {
                preconditionFailure("\(step) is no property of the schema")
            }
            properties[step] = adding(rules, to: property, at: path.dropFirst())
            members["properties"] = .object(properties)
        }
        return .object(members)
    }

    private static func closing(_ schema: JSONValue) -> JSONValue {
        guard case .object(let members) = schema else { return schema }
        if members.isEmpty { return .object(["type": .string("object"), "additionalProperties": .bool(true)]) }
        return mappingChildren(of: members, closing)
    }

    private static func openingToNull(_ schema: JSONValue) -> JSONValue {
        guard case .object(let members) = mappingChildren(of: schema, openingToNull) else { return schema }
        guard case .object(let properties)? = members["properties"] else { return .object(members) }
        var required: Set<String> = []
        if case .array(let names)? = members["required"] {
            required = Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
        }
        var opened = members
        opened["properties"] = .object(
            Dictionary(
                uniqueKeysWithValues: properties.map { name, property in
                    (name, required.contains(name) ? property : nullable(property))
                }))
        return .object(opened)
    }

    private static func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var members) = schema, case .string(let type)? = members["type"] else { return schema }
        members["type"] = .array([.string(type), .string("null")])
        if case .array(let cases)? = members["enum"] { members["enum"] = .array(cases + [.null]) }
        return .object(members)
    }

    private static func mappingChildren(of schema: JSONValue, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard case .object(let members) = schema else { return schema }
        return mappingChildren(of: members, change)
    }

    private static func mappingChildren(
        of members: [String: JSONValue], _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        var members = members
        if case .object(let properties)? = members["properties"] {
            members["properties"] = .object(properties.mapValues(change))
        }
        if let items = members["items"] { members["items"] = change(items) }
        return .object(members)
    }
}
