import Contracts
import Foundation

/// Reads JSON bodies, and says in the client's terms what is wrong with one that cannot be read.
struct BodyDecoder: Sendable {
    let rule: RequestBodyRule?

    /// - Throws: a ``Refusal`` `validation-failed`: 400 for what is no JSON, 422 with the wrong fields for the rest.
    func decode<Body: Decodable>(_ type: Body.Type, from bytes: [UInt8]) throws -> Body {
        guard !bytes.isEmpty else {
            throw Refusal(Problem(.validationFailed, "A JSON body is required."), status: 400)
        }
        if let rule, rule.check == .schema || Self.mayHoldNUL(bytes) { try check(bytes, rule.schema) }
        do {
            return try MessageCodec.decode(type, from: bytes)
        } catch let error as DecodingError {
            if let rule { try check(bytes, rule.schema) }
            throw Refusal(Problem.validation([Self.fieldError(error)]))
        }
    }

    /// PostgreSQL's text cannot hold U+0000, which JSON can only spell in one way.
    private static func mayHoldNUL(_ bytes: [UInt8]) -> Bool {
        // Hardly a body has an escape at all, and looking for one byte is quick.
        bytes.contains(UInt8(ascii: "\\")) && bytes.firstRange(of: Array("\\u0000".utf8)) != nil
    }

    private func check(_ bytes: [UInt8], _ schema: Schema) throws {
        let value: JSONValue
        do {
            value = try MessageCodec.decode(JSONValue.self, from: bytes)
        } catch {
            throw Refusal(Problem(.validationFailed, "The body is not valid JSON."), status: 400)
        }
        let errors = SchemaCheck.errors(in: value, schema: schema.json)
        guard errors.isEmpty else { throw Refusal(Problem.validation(errors)) }
    }

    /// What the schema let through and the type did not: a number out of an integer's range, for instance.
    private static func fieldError(_ error: DecodingError) -> Problem.FieldError {
        switch error {
        case .keyNotFound(let key, let context):
            .init(field: path(context.codingPath + [key]), message: "is required")
        case .valueNotFound(_, let context): .init(field: path(context.codingPath), message: "must not be null")
        case .typeMismatch(_, let context): .init(field: path(context.codingPath), message: "has the wrong type")
        case .dataCorrupted(let context): .init(field: path(context.codingPath), message: "is not valid")
        @unknown default: .init(field: "body", message: "is not valid")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
        return path.isEmpty ? "body" : path
    }
}
