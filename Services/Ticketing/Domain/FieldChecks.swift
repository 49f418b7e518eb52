import Contracts

/// Collects what is wrong with a draft, field by field, so that everything is said at once. Absent values are always
/// right.
struct FieldChecks {
    private(set) var errors: [Problem.FieldError]

    init(_ errors: [Problem.FieldError] = []) {
        self.errors = errors
    }

    /// - Parameter message: what the field must be, as the end of a sentence that begins with its name.
    mutating func require(_ condition: Bool, _ field: String, _ message: String) {
        if !condition { errors.append(Problem.FieldError(field: field, message: message)) }
    }

    /// A text of so many characters, without control characters.
    mutating func text(
        _ text: String?, _ field: String, length: ClosedRange<Int>, allowsLineBreaks: Bool = false
    ) {
        guard let text else { return }
        let isBlank = length.lowerBound > 0 && text.allSatisfy(\.isWhitespace)
        let hasControls = text.unicodeScalars.contains { scalar in
            scalar.properties.generalCategory == .control
                && !(allowsLineBreaks && "\n\r\t".unicodeScalars.contains(scalar))
        }
        let limit =
            length.lowerBound > 0 ? "\(length.lowerBound) to \(length.upperBound)" : "at most \(length.upperBound)"
        require(
            !isBlank && !hasControls && length.contains(text.unicodeScalars.count), field,
            "must have \(limit) characters and no control characters")
    }

    mutating func integer(_ value: Int?, _ field: String, in allowed: ClosedRange<Int>) {
        guard let value else { return }
        require(
            allowed.contains(value), field, "must be a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
        )
    }

    /// A free-form object that the database can keep.
    mutating func object(_ value: JSONValue?, _ field: String) {
        guard let value else { return }
        guard case .object = value else {
            return require(false, field, "must be a JSON object")
        }
        require(
            value.isStorable(), field,
            "must be nested at most \(JSONValue.maximumDepth) deep, with texts and names free of the character U+0000 "
                + "and at most \(JSONValue.maximumMembers) members each")
    }

    /// A time that a calendar of this product can show.
    mutating func time(_ time: Timestamp?, _ field: String) {
        guard let time else { return }
        require(
            (Timestamp.earliest...Timestamp.latest).contains(time), field,
            "must be between \(Timestamp.earliest) and \(Timestamp.latest)")
    }

    /// - Throws: the collected errors, if there are any.
    func finish() throws(Problem) {
        guard errors.isEmpty else { throw .validation(errors) }
    }
}

extension Timestamp {
    fileprivate static let earliest = Timestamp(millisecondsSince1970: 946_684_800_000)
    fileprivate static let latest = Timestamp(millisecondsSince1970: 7_258_118_400_000)
}
