import Contracts

/// The response headers of the API, for the document's components.
enum OpenAPIHeaders {
    static let all: [String: JSONValue] = [
        "Allow": header("The methods that the resource has."),
        "ETag": header("Of these bytes: give it back as `If-None-Match`."),
        "Idempotency-Replayed": header("`true` when this answer was given before under the same key."),
        "Link": header("The next page as `rel=\"next\"` (RFC 8288)."),
        "Location": header("Where the object is."),
        "Preference-Applied": header("The `wait` that was honoured (RFC 7240)."),
        "RateLimit": header("What is left of the limit, such as `\"default\";r=1999;t=1`."),
        "RateLimit-Policy": header("The limit, such as `\"default\";q=2000;w=1`."),
        "Retry-After": .object([
            "description": .string("Whole seconds after which trying again makes sense."),
            "schema": .object(["type": .string("integer"), "minimum": .integer(0)]),
        ]),
        "WWW-Authenticate": header("How to send the key."),
        "X-Request-Id": .object([
            "description": .string("Names the request in the logs."),
            "schema": .object(["type": .string("string"), "format": .string("uuid")]),
        ]),
        "traceparent": header("The request's span (W3C Trace Context)."),
    ]

    /// References to some of them.
    static func references(_ names: [String]) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: names.map { name in
                    (name, .object(["$ref": .string("#/components/headers/\(name)")]))
                }))
    }

    private static func header(_ summary: String) -> JSONValue {
        .object(["description": .string(summary), "schema": .object(["type": .string("string")])])
    }
}
