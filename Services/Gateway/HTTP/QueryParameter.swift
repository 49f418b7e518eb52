import Contracts

/// A parameter of the query that an endpoint honours. All of them are optional.
struct QueryParameter: Sendable {
    let name: String
    let schema: JSONValue
    let summary: String

    static let limit = QueryParameter(
        name: "limit",
        schema: .object([
            "type": .string("integer"), "minimum": .integer(1), "maximum": .integer(PageRequest.maximumLimit),
            "default": .integer(PageRequest.defaultLimit),
        ]), summary: "How many to return at most.")

    static let cursor = QueryParameter(
        name: "cursor",
        schema: .object(["type": .string("string"), "minLength": .integer(1), "maxLength": .integer(500)]),
        summary: "The `next_cursor` of an earlier page.")

    /// The parameters of every list.
    static let page = [limit, cursor]

    static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ type: Choice.Type, _ summary: String
    ) -> QueryParameter {
        let cases = type.allCases.map { JSONValue.string($0.rawValue) }
        return QueryParameter(
            name: name, schema: .object(["type": .string("string"), "enum": .array(cases)]), summary: summary)
    }

    static func uuid(_ name: String, _ summary: String) -> QueryParameter {
        QueryParameter(
            name: name, schema: .object(["type": .string("string"), "format": .string("uuid")]), summary: summary)
    }

    /// An RFC 3339 time.
    static func time(_ name: String, _ summary: String) -> QueryParameter {
        QueryParameter(
            name: name, schema: .object(["type": .string("string"), "format": .string("date-time")]), summary: summary)
    }

    static func text(_ name: String, _ summary: String) -> QueryParameter {
        QueryParameter(
            name: name,
            schema: .object(["type": .string("string"), "minLength": .integer(1), "maxLength": .integer(254)]),
            summary: summary)
    }
}
