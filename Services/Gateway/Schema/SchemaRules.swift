import Contracts

// The rules that many schemas share. The services behind the gateway hold to the same ones.
extension [String: JSONValue] {
    /// Control characters, in the dialect that ECMAScript and ICU have in common.
    private static let controls = "\\u0000-\\u001f\\u007f-\\u009f"

    /// One line of text that is not blank.
    static func line(_ length: ClosedRange<Int> = 1...200) -> [String: JSONValue] {
        [
            "minLength": .integer(length.lowerBound), "maxLength": .integer(length.upperBound),
            "pattern": .string("^[^\(controls)]*[^\\s\(controls)][^\(controls)]*$"),
            "x-expectation": .string("must be one line of text that is not blank"),
        ]
    }

    /// Text of several lines.
    static func prose(_ maximumLength: Int) -> [String: JSONValue] {
        [
            "maxLength": .integer(maximumLength),
            "pattern": .string("^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$"),
            "x-expectation": .string("must not contain control characters"),
        ]
    }

    /// Text of one or several lines that is not blank.
    static func text(_ length: ClosedRange<Int>) -> [String: JSONValue] {
        let refused = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"
        return [
            "minLength": .integer(length.lowerBound), "maxLength": .integer(length.upperBound),
            "pattern": .string("^[^\(refused)]*[^\\s\(refused)][^\(refused)]*$"),
            "x-expectation": .string("must be text that is not blank, without control characters"),
        ]
    }

    /// Lower-case letters, digits and hyphens.
    static let slug: [String: JSONValue] = [
        "minLength": .integer(1), "maxLength": .integer(100), "pattern": .string("^[a-z0-9]+(-[a-z0-9]+)*$"),
        "x-expectation": .string("must be groups of lower-case letters and digits, joined by single hyphens"),
    ]

    static let emailAddress: [String: JSONValue] = [
        "minLength": .integer(3), "maxLength": .integer(EmailAddress.maximumLength),
        "pattern": .string("^[^@\\s\(controls)]+@[^@\\s\(controls)]+$"),
        "x-expectation": .string(EmailAddress.requirement),
    ]

    static func range(_ range: ClosedRange<Int>) -> [String: JSONValue] {
        ["minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    }

    static func count(_ range: ClosedRange<Int>) -> [String: JSONValue] {
        ["minItems": .integer(range.lowerBound), "maxItems": .integer(range.upperBound)]
    }

    static func described(_ text: String) -> [String: JSONValue] { ["description": .string(text)] }

    static func choice(_ cases: [String]) -> [String: JSONValue] {
        ["type": .string("string"), "enum": .array(cases.map { .string($0) })]
    }
}
