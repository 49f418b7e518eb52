import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging

/// The outermost layer: gives each request its id and its span, turns what nothing else answered into problems, adds
/// the headers that every answer has, and writes the log line.
struct EdgeMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let moments: MomentSource
    let endpoints: EndpointTable
    let requestLog: RequestLogWriter
    let logger: Logger
    let timers = RequestTimers()

    func handle(
        _ request: Request, context: GatewayRequestContext,
        next: (Request, GatewayRequestContext) async throws -> Response
    ) async throws -> Response {
        let arrival = arrival(of: request.headers)
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
        // A line for each of those would cost more than the answer; the request log has them all.
        let level = arrival.found.isForeseen ? Logger.Level.debug : .info
        complete(&response, arrival, method: request.method, route: route(of: context), level: level)
        return response
    }

    /// What every request gets as it comes in.
    func arrival(of headers: HTTPFields) -> Arrival {
        let moment = moments.moment()
        return Arrival(
            requestID: moment.makeUUID(), receivedAt: moment.now, startedAt: .now,
            traceparent: TraceContext.child(of: headers[.traceparent], at: moment))
    }

    /// What every answer gets as it goes out: the headers that all have, and its line in the log, of this level.
    func complete(
        _ response: inout Response, _ arrival: Arrival, method: HTTPRequest.Method, route: String,
        level: Logger.Level = .info
    ) {
        let requestID = arrival.requestID.lowercaseText
        response.headers[.requestID] = requestID
        response.headers[.traceparent] = arrival.traceparent
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        record(method, arrival, requestID, route: route, status: response.status.code, level: level)
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

    private func record(
        _ method: HTTPRequest.Method, _ arrival: Arrival, _ requestID: String, route: String, status: Int,
        level: Logger.Level
    ) {
        let entry = arrival.logEntry(method: method.rawValue, route: route, status: status)
        let found = arrival.found
        if found.caller != nil, !found.isLogged { requestLog.record(entry) }
        timers.record(
            method: metricsMethod(method), route: route, status: status,
            nanoseconds: Int64(entry.durationMicroseconds) * 1000)
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "request_id": .string(requestID), "method": .string(method.rawValue), "route": .string(route),
            "status": .string(String(status)), "microseconds": .string(String(entry.durationMicroseconds)),
            "trace_id": .string(entry.traceID),
        ]
        if let caller = found.caller { metadata["actor"] = .string(caller.actor.id) }
        if let organizationID = entry.organizationID {
            metadata["organization_id"] = .string(organizationID.description)
        }
        if let problem = entry.problem { metadata["problem"] = .string(problem) }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// Anybody may send any word as a method: only known ones become a label.
    private func metricsMethod(_ method: HTTPRequest.Method) -> String {
        Self.knownMethods.contains(method) ? method.rawValue : "other"
    }

    private static let knownMethods: [HTTPRequest.Method] = [.get, .post, .head, .patch, .delete, .put, .options]
}
