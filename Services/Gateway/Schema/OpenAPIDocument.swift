import Contracts
import Foundation
import HTTPTypes

/// The API as an OpenAPI 3.1 document, made of the same endpoints that the router answers.
struct OpenAPIDocument: Sendable {
    let endpoints: [Endpoint]
    /// Where clients reach the API.
    let publicURL: String

    func bytes() throws -> [UInt8] {
        Array(try MessageCodec.encodeForReading(json).utf8)
    }

    var json: JSONValue {
        .object([
            "openapi": .string("3.1.1"),
            "info": .object([
                "title": .string("Voelgoed Events"), "version": .string("1.0.0"),
                "description": .string(Self.introduction),
                "license": .object(["name": .string("Apache-2.0"), "identifier": .string("Apache-2.0")]),
            ]),
            "servers": .array([.object(["url": .string(publicURL)])]),
            "tags": .array(
                EndpointTag.allCases.map {
                    .object(["name": .string($0.rawValue), "description": .string($0.summary)])
                }),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(schemas), "headers": .object(OpenAPIHeaders.all),
                "securitySchemes": .object([
                    "key": .object([
                        "type": .string("http"), "scheme": .string("bearer"), "bearerFormat": .string("vge_…"),
                        "description": .string(
                            "An organisation's API key with the scope that the operation names, or the platform key."
                        ),
                    ])
                ]),
            ]),
        ])
    }

    private static let introduction = """
        Amounts are whole minor units beside an ISO 4217 code. Times are RFC 3339 in UTC. Ids are UUIDs of version 7.

        **Idempotency.** Every `POST` but `/v1/scans` needs an `Idempotency-Key`. It is bound to the method, the path \
        and the body for 7 days: a repetition gets the first answer again, with `Idempotency-Replayed: true`. Refusals \
        of 409, 429 and 5xx are not kept: the same request under the same key may succeed later.

        **Problems** are `application/problem+json` (RFC 9457) with a `type` that ends in a stable slug.

        **Limits.** Each key has a number of requests a second; `RateLimit` says what is left.

        **Tracing.** A W3C `traceparent` is taken up and given back; `X-Request-Id` names the request in the logs.
        """

    private var paths: [String: JSONValue] {
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints {
            paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = OpenAPIOperation(endpoint).json
        }
        return paths.mapValues { .object($0) }
    }

    private var schemas: [String: JSONValue] {
        var schemas = [Schema.problem.name: Schema.problem.json]
        for endpoint in endpoints {
            if let body = endpoint.body { schemas[body.schema.name] = body.schema.json }
            for case .json(let schema) in endpoint.answers.map(\.content) { schemas[schema.name] = schema.json }
        }
        return schemas
    }
}
