import Foundation

/// JSON Schema (draft 2020-12, as OpenAPI 3.1 and AsyncAPI 3 use it) of a value that is encoded by synthesised `Codable`: what
/// it writes only if present is optional, everything else is required.
public enum JSONSchema {
    /// - Parameter example: a value with every optional property present and no empty array.
    public static func describing(_ example: any Encodable) -> JSONValue {
        if let described = type(of: example) as? any SchemaDescribed.Type { return described.schema }
        if let choice = type(of: example) as? any (CaseIterable & RawRepresentable<String>).Type {
            return .object(["type": .string("string"), "enum": .array(cases(of: choice))])
        }
        if let optional = example as? any OptionalValue { return nullable(optional) }
        let recorder = SchemaRecorder()
        do {
            try example.encode(to: recorder)
        } catch {
            // Only a type that refuses its own example ends here: any value is allowed then.
            return .object([:])
        }
        return recorder.schema
    }

    private static func cases<Choice: CaseIterable & RawRepresentable<String>>(of choice: Choice.Type) -> [JSONValue] {
        choice.allCases.map { .string($0.rawValue) }
    }

    private static func nullable(_ optional: any OptionalValue) -> JSONValue {
        guard let value = optional.encodable else {
            return .object(["type": .array([.string("string"), .string("null")])])
        }
        guard case .object(var members) = describing(value), let type = members["type"] else { return .object([:]) }
        members["type"] = .array([type, .string("null")])
        return .object(members)
    }
}

/// A type whose JSON form has a schema of its own.
public protocol SchemaDescribed {
    static var schema: JSONValue { get }
}

extension Bool: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("boolean")]) }
}

extension Int: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("integer")]) }
}

extension Double: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("number")]) }
}

extension String: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("string")]) }
}

extension UUID: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("string"), "format": .string("uuid")]) }
}

extension Identifier: SchemaDescribed {
    public static var schema: JSONValue { UUID.schema }
}

extension Timestamp: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("string"), "format": .string("date-time")]) }
}

extension Currency: SchemaDescribed {
    public static var schema: JSONValue {
        .object(["type": .string("string"), "pattern": .string("^[A-Z]{3}$"), "description": .string("ISO 4217 code")])
    }
}

extension JSONValue: SchemaDescribed {
    /// Any JSON value.
    public static var schema: JSONValue { .object([:]) }
}

extension [String: JSONValue]: SchemaDescribed {
    public static var schema: JSONValue { .object(["type": .string("object")]) }
}

private protocol OptionalValue {
    var encodable: (any Encodable)? { get }
}

extension Optional: OptionalValue {
    var encodable: (any Encodable)? { self as? any Encodable }
}

/// An encoder that writes down the types it is given instead of the values.
private final class SchemaRecorder: Encoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var schema: JSONValue = .object([:])
    var properties: [String: JSONValue] = [:]
    var required: [String] = []

    func note(_ key: any CodingKey, _ schema: JSONValue, isRequired: Bool) {
        properties[key.stringValue] = schema
        if isRequired { required.append(key.stringValue) }
        self.schema = .object([
            "type": .string("object"), "properties": .object(properties),
            "required": .array(required.sorted().map { .string($0) }),
        ])
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        schema = .object(["type": .string("object"), "properties": .object([:])])
        return KeyedEncodingContainer(Keyed(recorder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        schema = .object(["type": .string("array"), "items": .object([:])])
        return Unkeyed(recorder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(recorder: self) }

    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let recorder: SchemaRecorder
        let codingPath: [any CodingKey] = []

        func encodeNil(forKey key: Key) { recorder.note(key, .object(["type": .string("null")]), isRequired: true) }

        func encode<Value: Encodable>(_ value: Value, forKey key: Key) {
            recorder.note(key, JSONSchema.describing(value), isRequired: true)
        }

        func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) { note(value, key) }
        func encodeIfPresent(_ value: Bool?, forKey key: Key) { note(value, key) }
        func encodeIfPresent(_ value: String?, forKey key: Key) { note(value, key) }
        func encodeIfPresent(_ value: Int?, forKey key: Key) { note(value, key) }
        func encodeIfPresent(_ value: Double?, forKey key: Key) { note(value, key) }

        private func note(_ value: (some Encodable)?, _ key: Key) {
            recorder.note(key, value.map { JSONSchema.describing($0) } ?? .object([:]), isRequired: false)
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy keyType: NestedKey.Type, forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> {
            KeyedEncodingContainer(Keyed<NestedKey>(recorder: SchemaRecorder()))
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            Unkeyed(recorder: SchemaRecorder())
        }

        func superEncoder() -> any Encoder { SchemaRecorder() }
        func superEncoder(forKey key: Key) -> any Encoder { SchemaRecorder() }
    }

    struct Unkeyed: UnkeyedEncodingContainer {
        let recorder: SchemaRecorder
        let codingPath: [any CodingKey] = []
        var count = 0

        init(recorder: SchemaRecorder) { self.recorder = recorder }

        func encodeNil() {}

        mutating func encode<Value: Encodable>(_ value: Value) {
            count += 1
            recorder.schema = .object(["type": .string("array"), "items": JSONSchema.describing(value)])
        }

        func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey>
        {
            KeyedEncodingContainer(Keyed<NestedKey>(recorder: SchemaRecorder()))
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { Unkeyed(recorder: SchemaRecorder()) }
        func superEncoder() -> any Encoder { SchemaRecorder() }
    }

    struct Single: SingleValueEncodingContainer {
        let recorder: SchemaRecorder
        let codingPath: [any CodingKey] = []

        func encodeNil() {}

        func encode<Value: Encodable>(_ value: Value) { recorder.schema = JSONSchema.describing(value) }
    }
}
