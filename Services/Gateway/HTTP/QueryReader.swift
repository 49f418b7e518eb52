import Contracts
import Foundation

/// Reads the query's parameters that an endpoint declares. Others are ignored.
enum QueryReader {
    /// - Throws: a ``Problem`` `validation-failed` that names every wrong parameter.
    static func read(_ query: String?, _ declared: [QueryParameter]) throws(Problem) -> [String: String] {
        guard let query, !declared.isEmpty else { return [:] }
        let schemas = Dictionary(declared.map { ($0.name, $0.schema) }) { first, _ in first }
        var values: [String: String] = [:]
        var errors: [Problem.FieldError] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first?.removingPercentEncoding, let schema = schemas[name] else { continue }
            guard let value = (parts.count > 1 ? parts[1] : "").removingPercentEncoding else {
                errors.append(.init(field: name, message: "must be percent-encoded UTF-8"))
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                errors.append(.init(field: name, message: "must be given once"))
                continue
            }
            errors += SchemaCheck.errors(in: typed(value, schema), schema: schema, field: name)
        }
        guard errors.isEmpty else { throw .validation(errors) }
        return values
    }

    /// The query knows only text: what should be a number is read as one.
    private static func typed(_ text: String, _ schema: JSONValue) -> JSONValue {
        guard schema["type"] == .string("integer"), let number = Int(text) else { return .string(text) }
        return .integer(number)
    }
}
