import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Metrics

/// The outermost layer: gives each request its id and its span, turns what nothing else answered into problems, adds
/// the headers that every answer has, and writes the log line.
struct EdgeMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let moments: MomentSource
    let endpoints: EndpointTable
    let requestLog: RequestLogWriter
    let logger: Logger

    func handle(
        _ request: Request, context: GatewayRequestContext,
        next: (Request, GatewayRequestContext) async throws -> Response
    ) async throws -> Response {
        let moment = moments.moment()
        let arrival = Arrival(
            requestID: moment.makeUUID(), receivedAt: moment.now, startedAt: .now,
            traceparent: TraceContext.child(of: request.headers[.traceparent], at: moment))
        var context = context
        context.arrival = arrival
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let refusal = unanswered(request, error)
            arrival.note { $0.slug = refusal.problem.slug }
            response = refusal.reply(requestID: arrival.requestID).response
        }
        response.headers[.requestID] = arrival.requestID.uuidString.lowercased()
        response.headers[.traceparent] = arrival.traceparent
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        record(request, arrival, route: route(of: context), status: response.status.code)
        return response
    }

    /// What the router did not find an endpoint for.
    private func unanswered(_ request: Request, _ error: any Error) -> Refusal {
        guard let error = error as? HTTPError else { return Refusal(error, logger: logger) }
        guard error.status == .notFound else {
            return Refusal(Problem(.validationFailed, "The request is malformed."), status: 400)
        }
        let methods = endpoints.methods(at: request.uri.path)
        guard !methods.isEmpty else { return Refusal(Problem.notFound("resource")) }
        let allowed = methods.joined(separator: ", ")
        return Refusal(
            Problem(.methodNotAllowed, "\(request.uri.path) takes \(allowed)."), headers: [.allow: allowed])
    }

    private func route(of context: GatewayRequestContext) -> String {
        context.endpointPath ?? "unknown"
    }

    private func record(_ request: Request, _ arrival: Arrival, route: String, status: Int) {
        let entry = arrival.logEntry(method: request.method.rawValue, route: route, status: status)
        let found = arrival.found
        if found.caller != nil, !found.isLogged { requestLog.record(entry) }
        Metrics.Timer(
            label: "voelgoed_http_request_seconds",
            dimensions: [("method", metricsMethod(request)), ("route", route), ("status", String(status))]
        ).recordNanoseconds(Int64(entry.durationMicroseconds) * 1000)
        var metadata: Logger.Metadata = [
            "request_id": "\(arrival.requestID.uuidString.lowercased())", "method": "\(request.method.rawValue)",
            "route": "\(route)", "status": "\(status)", "microseconds": "\(entry.durationMicroseconds)",
            "trace_id": "\(entry.traceID)",
        ]
        if let caller = found.caller { metadata["actor"] = "\(caller.actor.id)" }
        if let organizationID = entry.organizationID { metadata["organization_id"] = "\(organizationID)" }
        if let problem = entry.problem { metadata["problem"] = "\(problem)" }
        logger.info("request", metadata: metadata)
    }

    /// Anybody may send any word as a method: only known ones become a label.
    private func metricsMethod(_ request: Request) -> String {
        let known: Set<HTTPRequest.Method> = [.get, .head, .post, .patch, .delete, .put, .options]
        return known.contains(request.method) ? request.method.rawValue : "other"
    }
}
