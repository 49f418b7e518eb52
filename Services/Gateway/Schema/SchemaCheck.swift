import Contracts
import Foundation

/// Checks a JSON value against the part of JSON Schema that ``Schema`` uses, and says in a client's terms what is
/// wrong. The rules are the documented ones, because the documentation is made of the same value.
struct SchemaCheck {
    /// Beyond this the rest of the body says nothing new.
    private static let maximumErrors = 50

    private var errors: [Problem.FieldError] = []

    /// What is wrong, field by field; nothing for a valid value.
    /// - Parameter field: the name of the value itself; empty for a body, whose members are named without it.
    static func errors(in value: JSONValue, schema: JSONValue, field: String = "") -> [Problem.FieldError] {
        var check = SchemaCheck()
        check.visit(value, schema, field)
        if check.errors.isEmpty { check.refuseNUL(value, field) }
        return Array(check.errors.prefix(maximumErrors))
    }

    private mutating func refuse(_ field: String, _ message: String) {
        errors.append(.init(field: field.isEmpty ? "body" : field, message: message))
    }

    private mutating func visit(_ value: JSONValue, _ schema: JSONValue, _ field: String) {
        guard errors.count <= Self.maximumErrors else { return }
        let types = Self.types(of: schema)
        guard types.isEmpty || types.contains(where: { Self.isOf(type: $0, value) }) else {
            refuse(field, Self.expectation(of: schema, types))
            return
        }
        if value == .null { return }
        if case .array(let cases)? = schema["enum"], !cases.contains(value) {
            refuse(field, Self.expectation(of: schema, types))
            return
        }
        switch value {
        case .integer(let number): visitNumber(Double(number), schema, field)
        case .number(let number): visitNumber(number, schema, field)
        case .string(let text): visitText(text, schema, field)
        case .array(let elements): visitArray(elements, schema, field)
        case .object(let members): visitObject(members, schema, field)
        case .null, .bool: break
        }
    }

    private mutating func visitNumber(_ number: Double, _ schema: JSONValue, _ field: String) {
        let (lowest, highest) = (schema["minimum"]?.double, schema["maximum"]?.double)
        if lowest.map({ number < $0 }) ?? false || highest.map({ number > $0 }) ?? false {
            refuse(field, "must be \(Self.range(schema["minimum"], schema["maximum"]))")
        }
    }

    private mutating func visitText(_ text: String, _ schema: JSONValue, _ field: String) {
        // JSON Schema counts code points.
        let length = text.unicodeScalars.count
        if schema["minLength"]?.int.map({ length < $0 }) ?? false
            || schema["maxLength"]?.int.map({ length > $0 }) ?? false
        {
            refuse(field, "must have \(Self.range(schema["minLength"], schema["maxLength"])) characters")
        } else if case .string(let format)? = schema["format"], let problem = Self.problem(with: text, format: format) {
            refuse(field, problem)
        } else if case .string(let pattern)? = schema["pattern"], !Self.matches(text, pattern) {
            refuse(field, schema["x-expectation"]?.text ?? "must match \(pattern)")
        }
    }

    private mutating func visitArray(_ elements: [JSONValue], _ schema: JSONValue, _ field: String) {
        let count = elements.count
        if schema["minItems"]?.int.map({ count < $0 }) ?? false || schema["maxItems"]?.int.map({ count > $0 }) ?? false
        {
            refuse(field, "must have \(Self.range(schema["minItems"], schema["maxItems"])) items")
        } else if schema["uniqueItems"] == .bool(true), Set(elements).count != count {
            refuse(field, "must not name anything twice")
        }
        guard let items = schema["items"] else { return }
        for (index, element) in elements.enumerated() { visit(element, items, "\(field)[\(index)]") }
    }

    private mutating func visitObject(_ members: [String: JSONValue], _ schema: JSONValue, _ field: String) {
        let prefix = field.isEmpty ? "" : field + "."
        if case .array(let required)? = schema["required"] {
            for case .string(let name) in required where members[name] == nil { refuse(prefix + name, "is required") }
        }
        if let least = schema["minProperties"]?.int, members.count < least {
            refuse(field, "must name at least one field")
        }
        guard case .object(let properties)? = schema["properties"] else { return }
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            if let member = members[name] { visit(member, property, prefix + name) }
        }
    }

    /// PostgreSQL's text cannot hold U+0000, wherever it stands.
    private mutating func refuseNUL(_ value: JSONValue, _ field: String) {
        switch value {
        case .string(let text): if text.utf8.contains(0) { refuse(field, "must not contain the character U+0000") }
        case .array(let elements):
            for (index, element) in elements.enumerated() { refuseNUL(element, "\(field)[\(index)]") }
        case .object(let members):
            for (name, member) in members {
                if name.utf8.contains(0) { refuse(field, "must not contain the character U+0000") }
                refuseNUL(member, field.isEmpty ? name : "\(field).\(name)")
            }
        case .null, .bool, .integer, .number: break
        }
    }
}

extension SchemaCheck {
    private static func types(of schema: JSONValue) -> [String] {
        switch schema["type"] {
        case .string(let type)?: [type]
        case .array(let types)?: types.compactMap(\.text)
        default: []
        }
    }

    private static func isOf(type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    /// What would have been right, for a value of the wrong type or outside of the choice.
    private static func expectation(of schema: JSONValue, _ types: [String]) -> String {
        if case .array(let cases)? = schema["enum"] {
            return "must be one of " + cases.compactMap(\.text).joined(separator: ", ")
        }
        switch types.first {
        case "integer": return "must be an integer"
        case "number": return "must be a number"
        case "boolean": return "must be true or false"
        case "array": return "must be an array"
        case "object": return "must be an object"
        default: return "must be a string"
        }
    }

    private static func range(_ lowest: JSONValue?, _ highest: JSONValue?) -> String {
        switch (lowest?.int, highest?.int) {
        case (let lowest?, let highest?): "from \(lowest) to \(highest)"
        case (let lowest?, nil): "\(lowest) or more"
        case (nil, let highest?): "at most \(highest)"
        case (nil, nil): "different"
        }
    }

    private static func problem(with text: String, format: String) -> String? {
        switch format {
        case "uuid": UUID(uuidString: text) == nil ? "must be a UUID" : nil
        case "date-time":
            Timestamp(text) == nil ? "must be an RFC 3339 time such as 2026-11-21T19:30:00Z" : nil
        default: nil
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        // A pattern of this code that cannot be read is a mistake that the schemas' test finds.
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate var int: Int? { if case .integer(let number) = self { number } else { nil } }

    fileprivate var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
