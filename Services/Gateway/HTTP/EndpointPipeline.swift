import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Postgres

/// What happens around every endpoint: key → rate limit → organisation's status → scope → body → idempotency → the
/// endpoint itself → what is kept and recorded of it.
struct EndpointPipeline: Sendable {
    let keys: KeyDirectory
    let limiter: RateLimiter
    let ledger: IdempotencyLedger
    let recorder: ActionRecorder
    let bodies: BodyReader
    let moments: MomentSource
    let logger: Logger

    func respond(
        to request: Hummingbird.Request, _ context: GatewayRequestContext, at endpoint: Endpoint
    ) async throws -> Response {
        guard let arrival = context.arrival else { throw HTTPError(.internalServerError) }
        var limit: HTTPFields = [:]
        let reply: Reply
        do {
            var caller: Caller?
            if endpoint.access != .open {
                let recognised = try await keys.caller(
                    authorization: request.headers[.authorization], at: arrival.receivedAt)
                arrival.note { $0.caller = recognised }
                caller = recognised
                try count(recognised, &limit)
            }
            reply = try await admit(request, context, caller, arrival, endpoint)
        } catch {
            reply = refuse(error, arrival)
        }
        arrival.note { $0.slug = reply.slug }
        var response = reply.response
        response.headers.append(contentsOf: limit)
        if endpoint.isRevalidated, endpoint.access != .open, [200, 304].contains(reply.status) {
            response.headers[.cacheControl] = "private, no-cache"
        }
        return response
    }

    /// draft-ietf-httpapi-ratelimit-headers: the policy and where the caller stands, on every answer to a known key.
    private func count(_ caller: Caller, _ headers: inout HTTPFields) throws {
        let decision = limiter.take(caller)
        headers[.rateLimitPolicy] = "\"default\";q=\(decision.limit);w=1"
        headers[.rateLimit] = "\"default\";r=\(decision.remaining);t=\(decision.resetSeconds)"
        guard decision.isAllowed else {
            throw Problem(
                .rateLimited, "The key may make \(decision.limit) requests a second.", retryAfterSeconds: 1)
        }
    }

    private func admit(
        _ request: Hummingbird.Request, _ context: GatewayRequestContext, _ caller: Caller?, _ arrival: Arrival,
        _ endpoint: Endpoint
    ) async throws -> Reply {
        var parameters: [String: String] = [:]
        for name in endpoint.pathParameters { parameters[name] = context.parameters.get(name)?.removingPercentEncoding }
        func call(query: [String: String] = [:], body: [UInt8] = [], claim: IdempotencyClaim? = nil) -> Call {
            Call(
                endpoint: endpoint, arrival: arrival, caller: caller, path: request.uri.path,
                pathParameters: parameters, query: query, headers: request.headers, body: body, claim: claim,
                resourceID: claim?.resourceID ?? moments.moment().makeUUID())
        }
        do {
            try caller?.authorize(for: endpoint.access)
        } catch {
            // Being turned away from a change is worth knowing, too.
            return try await record(refuse(error, arrival), of: call())
        }
        let query = try QueryReader.read(request.uri.query, endpoint.query)
        let key = try idempotencyKey(of: request, endpoint)
        let body = endpoint.readsBody ? try await bodies.read(request) : []
        try checkMediaType(of: request, body, endpoint)
        guard let key, let caller else {
            return try await perform(call(query: query, body: body))
        }
        let standing = try await ledger.claim(
            IdempotentRequest(
                organizationID: caller.tenant?.organizationID ?? IdempotentRequest.platform, key: key,
                method: request.method.rawValue, path: request.uri.path, bodyHash: Array(SHA256.hash(data: Data(body))))
        )
        switch standing {
        case .replayed(let reply): return reply
        case .granted(let claim): return try await perform(call(query: query, body: body, claim: claim))
        }
    }

    private func idempotencyKey(of request: Hummingbird.Request, _ endpoint: Endpoint) throws -> IdempotencyKey? {
        guard endpoint.idempotency != .ignored else { return nil }
        guard let value = request.headers[.idempotencyKey] else {
            guard endpoint.idempotency == .required else { return nil }
            throw Problem(
                .idempotencyKeyRequired,
                "Send an Idempotency-Key that is new for every new request, so that it can be repeated safely.")
        }
        return try IdempotencyKey(headerValue: value)
    }

    private func checkMediaType(of request: Hummingbird.Request, _ body: [UInt8], _ endpoint: Endpoint) throws {
        guard let rule = endpoint.body, !body.isEmpty else { return }
        let value = request.headers[.contentType] ?? ""
        let mediaType = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard rule.contentTypes.contains(mediaType) else {
            throw Problem(
                .unsupportedMediaType, "Send the body as \(rule.contentTypes.joined(separator: " or ")).")
        }
    }

    /// Runs the endpoint, and keeps and records what it answers.
    private func perform(_ call: Call) async throws -> Reply {
        var reply: Reply
        do {
            reply = try await call.endpoint.handle(call)
        } catch {
            reply = refuse(error, call.arrival)
        }
        if !reply.isRecorded { reply = try await record(reply, of: call) }
        return call.endpoint.isRevalidated ? revalidated(reply, call) : reply
    }

    private func record(_ reply: Reply, of call: Call) async throws -> Reply {
        if recorder.isAudited(call, reply) {
            try await recorder.record(reply, of: call, ledger: ledger)
        } else if let claim = call.claim {
            do {
                try await ledger.end(claim, with: reply)
            } catch let error as PostgresError {
                // The request is done. Without its answer, a repetition is carried out again with the same ids.
                logger.warning(
                    "an answer could not be kept",
                    metadata: ["request_id": "\(call.requestID)", "error": "\(error)"])
            }
        }
        return reply
    }

    private func revalidated(_ reply: Reply, _ call: Call) -> Reply {
        guard reply.status == 200, case .bytes(let bytes, _) = reply.body else { return reply }
        let tag = EntityTag(of: bytes)
        var reply = reply
        reply.headers[.eTag] = tag.description
        guard tag.isNamed(in: call.headers[values: .ifNoneMatch]) else { return reply }
        return Reply(status: 304, headers: reply.headers)
    }

    private func refuse(_ error: any Error, _ arrival: Arrival) -> Reply {
        var logger = logger
        logger[metadataKey: "request_id"] = "\(arrival.requestID.uuidString.lowercased())"
        return Refusal(error, logger: logger).reply(requestID: arrival.requestID)
    }
}
