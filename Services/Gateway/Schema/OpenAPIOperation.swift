import Contracts
import Foundation

/// One endpoint as an OpenAPI operation.
struct OpenAPIOperation: Sendable {
    private let endpoint: Endpoint

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    var json: JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .string(endpoint.operationID), "summary": .string(endpoint.summary),
            "tags": .array([.string(endpoint.tag.rawValue)]), "responses": .object(responses), "security": security,
        ]
        if let access { operation["description"] = .string(access) }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = endpoint.body { operation["requestBody"] = requestBody(body) }
        return .object(operation)
    }

    private var access: String? {
        switch endpoint.access {
        case .open: nil
        case .platform: "Needs the platform key."
        case .scope(let scope): "Needs the scope `\(scope.rawValue)`."
        }
    }

    private var security: JSONValue {
        switch endpoint.access {
        case .open: .array([])
        case .platform: .array([.object(["key": .array([])])])
        case .scope(let scope): .array([.object(["key": .array([.string(scope.rawValue)])])])
        }
    }

    private var parameters: [JSONValue] {
        var parameters = endpoint.pathParameters.map { name in
            parameter(
                name, in: "path", "The object's id.", .object(["type": .string("string"), "format": .string("uuid")]),
                isRequired: true)
        }
        parameters += endpoint.query.map { parameter($0.name, in: "query", $0.summary, $0.schema, isRequired: false) }
        parameters += endpoint.headers.map {
            parameter($0.name, in: "header", $0.summary, $0.schema, isRequired: false)
        }
        if endpoint.idempotency != .ignored {
            parameters.append(
                parameter(
                    "Idempotency-Key", in: "header",
                    "New for every new request, the same for every repetition. Printable ASCII, as a structured-field "
                        + "string or bare.",
                    .object([
                        "type": .string("string"), "minLength": .integer(1),
                        "maxLength": .integer(IdempotencyKey.maximumLength),
                        "pattern": .string("^[!#-\\[\\]-~]([ !#-\\[\\]-~]*[!#-\\[\\]-~])?$"),
                    ]), isRequired: endpoint.idempotency == .required))
        }
        return parameters
    }

    private func parameter(
        _ name: String, in place: String, _ summary: String, _ schema: JSONValue, isRequired: Bool
    ) -> JSONValue {
        .object([
            "name": .string(name), "in": .string(place), "description": .string(summary), "schema": schema,
            "required": .bool(isRequired),
        ])
    }

    private func requestBody(_ rule: RequestBodyRule) -> JSONValue {
        let content = JSONValue.object(["schema": Self.reference(rule.schema), "example": rule.example])
        return .object([
            "required": .bool(rule.isRequired),
            "content": .object(Dictionary(uniqueKeysWithValues: rule.contentTypes.map { ($0, content) })),
        ])
    }

    private static func reference(_ schema: Schema) -> JSONValue {
        .object(["$ref": .string("#/components/schemas/\(schema.name)")])
    }

    private var responses: [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for answer in endpoint.answers { responses[String(answer.status)] = response(answer) }
        if endpoint.isRevalidated {
            responses["304"] = .object([
                "description": .string("Nothing has changed."), "headers": OpenAPIHeaders.references(common + ["ETag"]),
            ])
        }
        for (status, slugs) in endpoint.problemsByStatus { responses[String(status)] = problem(status, slugs) }
        return responses
    }

    /// The headers of every answer.
    private var common: [String] {
        endpoint.access == .open
            ? ["X-Request-Id", "traceparent"] : ["X-Request-Id", "traceparent", "RateLimit", "RateLimit-Policy"]
    }

    private func response(_ answer: EndpointAnswer) -> JSONValue {
        var headers = common + answer.headers.map(\.rawValue)
        if endpoint.isRevalidated { headers.append("ETag") }
        if endpoint.idempotency != .ignored { headers.append("Idempotency-Replayed") }
        var response: [String: JSONValue] = [
            "description": .string(answer.summary), "headers": OpenAPIHeaders.references(headers),
        ]
        switch answer.content {
        case .none: break
        case .json(let schema):
            response["content"] = .object(["application/json": .object(["schema": Self.reference(schema)])])
        case .other(let mediaType):
            response["content"] = .object([mediaType: .object(["schema": Self.schema(of: mediaType)])])
        }
        return .object(response)
    }

    private static func schema(of mediaType: String) -> JSONValue {
        switch mediaType {
        case "application/json": .object(["type": .string("object")])
        case "application/pdf", "image/png": .object(["contentMediaType": .string(mediaType)])
        default: .object(["type": .string("string")])
        }
    }

    private func problem(_ status: Int, _ slugs: [Problem.Slug]) -> JSONValue {
        let kinds = slugs.map { "`\($0.rawValue)`: \(title($0, status))." }.joined(separator: " ")
        var headers = ["X-Request-Id", "traceparent"]
        if endpoint.access != .open, ![401, 500].contains(status) { headers += ["RateLimit", "RateLimit-Policy"] }
        if [409, 429, 503].contains(status) { headers.append("Retry-After") }
        if status == 401 { headers.append("WWW-Authenticate") }
        return .object([
            "description": .string(kinds), "headers": OpenAPIHeaders.references(headers),
            "content": .object([
                ProblemDocument.contentType: .object(["schema": Self.reference(.problem)])
            ]),
        ])
    }

    private func title(_ slug: Problem.Slug, _ status: Int) -> String {
        slug == .validationFailed && status == 400 ? "The body is not valid JSON" : slug.title
    }
}
