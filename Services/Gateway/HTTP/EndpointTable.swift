import HTTPTypes
import Hummingbird

/// All endpoints of the API.
struct EndpointTable: Sendable {
    let endpoints: [Endpoint]

    init(_ endpoints: [Endpoint]) {
        let ids = endpoints.map(\.operationID)
        precondition(Set(ids).count == ids.count, "two endpoints share an operation id")
        self.endpoints = endpoints
    }

    /// A router that answers exactly these endpoints. GET endpoints also answer HEAD.
    func router(_ pipeline: EndpointPipeline, edge: EdgeMiddleware) -> Router<GatewayRequestContext> {
        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: edge)
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await pipeline.respond(to: request, context, at: endpoint)
            }
        }
        return router
    }

    /// The methods that a path takes; none for a path that is not there.
    func methods(at path: String) -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        var methods = endpoints.filter { Self.matches($0.path, parts) }.map(\.method.rawValue)
        if methods.contains("GET") { methods.append("HEAD") }
        return methods.sorted()
    }

    private static func matches(_ template: String, _ parts: [Substring]) -> Bool {
        let wanted = template.split(separator: "/", omittingEmptySubsequences: true)
        return wanted.count == parts.count
            && zip(wanted, parts).allSatisfy { wanted, part in
                guard let open = wanted.firstIndex(of: "{"), let close = wanted.firstIndex(of: "}") else {
                    return wanted == part
                }
                return part.hasPrefix(wanted[..<open]) && part.hasSuffix(wanted[wanted.index(after: close)...])
            }
    }
}
