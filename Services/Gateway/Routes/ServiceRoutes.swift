import Contracts
import Foundation
import HTTPTypes

/// What this API says of itself, open to all.
struct ServiceRoutes: Sendable {
    /// Nil when the gateway is ready, else what is missing.
    let readiness: @Sendable () async -> String?
    /// The OpenAPI document.
    let openAPI: [UInt8]

    var endpoints: [Endpoint] {
        [
            document("/openapi.json", "getOpenAPI", "This API as an OpenAPI 3.1 document.") { openAPI },
            document("/asyncapi.json", "getAsyncAPI", "The messages between the services as an AsyncAPI 3 document.") {
                Array(try AsyncAPIDocument.json().utf8)
            },
            Endpoint(
                method: .get, path: "/health/live", operationID: "getLiveness", summary: "Whether the process runs.",
                tag: .service, access: .open, answers: [Self.text]
            ) { _ in Self.plain(200, "live") },
            Endpoint(
                method: .get, path: "/health/ready", operationID: "getReadiness",
                summary: "Whether the process can serve requests.", tag: .service, access: .open, answers: [Self.text],
                problems: [.unavailable], handle: ready),
            Endpoint(
                method: .get, path: "/", operationID: "getHome", summary: "Where to begin.", tag: .service,
                access: .open, answers: [EndpointAnswer(status: 200, summary: "A page.", content: .other("text/html"))]
            ) { _ in Self.home },
        ]
    }

    private static let text = EndpointAnswer(status: 200, summary: "Yes.", content: .other("text/plain"))

    private func document(
        _ path: String, _ operationID: String, _ summary: String, _ bytes: @escaping @Sendable () throws -> [UInt8]
    ) -> Endpoint {
        Endpoint(
            method: .get, path: path, operationID: operationID, summary: summary, tag: .service, access: .open,
            headers: [.ifNoneMatch],
            answers: [
                EndpointAnswer(status: 200, summary: "The document.", content: .other("application/json"))
            ], isRevalidated: true
        ) { _ in
            Reply(
                status: 200, headers: [.cacheControl: "no-cache"],
                body: .bytes(try bytes(), contentType: "application/json"))
        }
    }

    private func ready(_ call: Call) async throws -> Reply {
        if let missing = await readiness() { throw Problem(.unavailable, missing, retryAfterSeconds: 1) }
        return Self.plain(200, "ready")
    }

    private static func plain(_ status: Int, _ text: String) -> Reply {
        Reply(status: status, body: .bytes(Array("\(text)\n".utf8), contentType: "text/plain; charset=utf-8"))
    }

    private static var home: Reply {
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Voelgoed Events</title>
            <h1>Voelgoed Events</h1>
            <p>Tickets that are never sold twice, over HTTP.</p>
            <ul>
            <li><a href="/openapi.json">The API as OpenAPI 3.1</a></li>
            <li><a href="/asyncapi.json">The messages behind it as AsyncAPI 3</a></li>
            <li><a href="/health/ready">Whether this gateway is ready</a></li>
            </ul>
            </html>

            """
        return Reply(
            status: 200, headers: [.contentSecurityPolicy: "default-src 'none'"],
            body: .bytes(Array(page.utf8), contentType: "text/html; charset=utf-8"))
    }
}
