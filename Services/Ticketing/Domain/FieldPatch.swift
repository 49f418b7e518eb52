import Contracts
import Foundation

/// Applies the members of a JSON Merge Patch (RFC 7396) to a draft, one field after the other, and collects those that
/// are of the wrong kind or not known at all. `null` removes a value, which is then what it is by default.
struct FieldPatch {
    private let changes: [String: JSONValue]
    private var known: [String] = []
    private(set) var errors: [Problem.FieldError] = []

    init(_ changes: [String: JSONValue]) {
        self.changes = changes
    }

    /// A field that must always have a value.
    mutating func apply(_ field: String, to value: inout String) {
        if let new = take(field, "must be a text", read: Self.text), let new { value = new }
    }

    /// A field that must always have a value.
    mutating func apply(_ field: String, to value: inout Int) {
        if let new = take(field, "must be a whole number", read: Self.integer), let new { value = new }
    }

    mutating func apply(_ field: String, to value: inout String?) {
        if let new = take(field, "must be a text or null", isRemovable: true, read: Self.text) { value = new }
    }

    mutating func apply(_ field: String, to value: inout Int?) {
        if let new = take(field, "must be a whole number or null", isRemovable: true, read: Self.integer) {
            value = new
        }
    }

    mutating func apply(_ field: String, to value: inout Timestamp?) {
        let new = take(field, "must be an RFC 3339 time such as 2026-11-21T19:30:00Z, or null", isRemovable: true) {
            Self.text($0).flatMap { Timestamp($0) }
        }
        if let new { value = new }
    }

    mutating func apply<Subject>(_ field: String, to value: inout Identifier<Subject>?) {
        let new = take(field, "must be a UUID or null", isRemovable: true) {
            Self.text($0).flatMap { Identifier<Subject>($0) }
        }
        if let new { value = new }
    }

    mutating func apply(_ field: String, to value: inout Currency?) {
        let new = take(field, "must be an ISO 4217 code of three upper-case letters, or null", isRemovable: true) {
            Self.text($0).flatMap { Currency(rawValue: $0) }
        }
        if let new { value = new }
    }

    mutating func apply<Choice: RawRepresentable<String> & CaseIterable>(_ field: String, to value: inout Choice?) {
        let new = take(field, "must be one of \(Self.list(Choice.allCases)), or null", isRemovable: true) {
            Self.text($0).flatMap { Choice(rawValue: $0) }
        }
        if let new { value = new }
    }

    /// One of some choices of an enumeration; there is none to remove.
    mutating func apply<Choice: RawRepresentable<String> & Equatable>(
        _ field: String, to value: inout Choice, allowed: [Choice]
    ) {
        let new = take(field, "must be one of \(Self.list(allowed))") { json in
            Self.text(json).flatMap { Choice(rawValue: $0) }.flatMap { allowed.contains($0) ? $0 : nil }
        }
        if let new, let new { value = new }
    }

    /// A free-form object, whose members are merged in turn.
    mutating func merge(_ field: String, into value: inout JSONValue?) {
        let target = value
        let new = take(field, "must be a JSON object or null", isRemovable: true) { (patch: JSONValue) -> JSONValue? in
            guard case .object = patch else { return nil }
            return Self.merged(patch, into: target)
        }
        if let new { value = new }
    }

    /// Notes every member that no field has taken.
    mutating func finish() {
        for field in changes.keys.sorted() where !known.contains(field) {
            let allowed = known.joined(separator: ", ")
            errors.append(.init(field: field, message: "cannot be changed; what can be are \(allowed)"))
        }
    }

    /// - Returns: nil when the patch does not name the field or has it wrong; else the new value, which is nil for
    ///   `null`.
    private mutating func take<Value>(
        _ field: String, _ message: String, isRemovable: Bool = false, read: (JSONValue) -> Value?
    ) -> Value?? {
        known.append(field)
        guard let change = changes[field] else { return nil }
        if change == .null, isRemovable { return .some(nil) }
        guard let value = read(change) else {
            errors.append(.init(field: field, message: message))
            return nil
        }
        return .some(value)
    }

    private static func text(_ value: JSONValue) -> String? {
        if case .string(let text) = value { text } else { nil }
    }

    private static func integer(_ value: JSONValue) -> Int? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    private static func list(_ choices: some Collection<some RawRepresentable<String>>) -> String {
        choices.map(\.rawValue).joined(separator: ", ")
    }

    /// The algorithm of RFC 7396, section 2.
    private static func merged(_ patch: JSONValue, into target: JSONValue?) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [String: JSONValue] = [:]
        if case .object(let existing)? = target { members = existing }
        for (name, change) in changes {
            members[name] = change == .null ? nil : merged(change, into: members[name])
        }
        return .object(members)
    }
}
