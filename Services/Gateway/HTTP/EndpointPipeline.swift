import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Postgres

/// What happens around every endpoint: key → rate limit → organisation's status → scope → room → body → what is known to
/// be refused → idempotency → the endpoint itself → what is kept and recorded of it.
struct EndpointPipeline: Sendable {
    let keys: KeyDirectory
    let limiter: RateLimiter
    let admission: CheckoutAdmission
    let ledger: IdempotencyLedger
    let recorder: ActionRecorder
    let bodies: BodyReader
    let answers: AnswerCache
    let availability: AvailabilityLookup
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
        return completed(reply, limit, endpoint).response
    }

    /// What ``respond(to:_:at:)`` answers to a read when everything is in memory; nil, and nothing has happened, when
    /// something must be asked for or refused.
    func remembered(_ request: HTTPRequest, _ target: AnswerCache.Target, _ arrival: Arrival) -> Reply? {
        guard let authorization = request.headerFields[.authorization],
            let caller = keys.remembered(authorization: authorization, at: arrival.receivedAt),
            let tenant = caller.tenant, (try? caller.authorize(for: target.endpoint.access)) != nil,
            let reply = answers.remembered(target, for: tenant.organizationID)
        else { return nil }
        var limit: HTTPFields = [:]
        guard (try? count(caller, &limit)) != nil else { return nil }
        arrival.note { $0.caller = caller }
        return completed(matched(reply, request.headerFields), limit, target.endpoint)
    }

    /// What ``respond(to:_:at:)`` answers to a request for which there is no room, before its body is read; nil when it must
    /// be looked at.
    func turnedAway(_ request: HTTPRequest, at endpoint: Endpoint, _ arrival: Arrival) -> Reply? {
        guard let authorization = request.headerFields[.authorization],
            let caller = keys.remembered(authorization: authorization, at: arrival.receivedAt),
            let tenant = caller.tenant, (try? caller.authorize(for: endpoint.access)) != nil,
            let problem = admission.refusal(for: tenant.organizationID)
        else { return nil }
        var limit: HTTPFields = [:]
        guard (try? count(caller, &limit)) != nil else { return nil }
        let reply = refuse(problem, arrival)
        arrival.note {
            $0.caller = caller
            $0.slug = reply.slug
        }
        return completed(reply, limit, endpoint)
    }

    private func completed(_ reply: Reply, _ limit: HTTPFields, _ endpoint: Endpoint) -> Reply {
        var reply = reply
        reply.headers.append(contentsOf: limit)
        if endpoint.isRevalidated, endpoint.access != .open, reply.status == 200 || reply.status == 304 {
            reply.headers[.cacheControl] = "private, no-cache"
        }
        return reply
    }

    /// draft-ietf-httpapi-ratelimit-headers: the policy and where the caller stands, on every answer to a known key.
    private func count(_ caller: Caller, _ headers: inout HTTPFields) throws {
        let decision = limiter.take(caller)
        headers.append(HTTPField(name: .rateLimitPolicy, value: "\"default\";q=\(decision.limit);w=1"))
        headers.append(
            HTTPField(name: .rateLimit, value: "\"default\";r=\(decision.remaining);t=\(decision.resetSeconds)"))
        guard decision.isAllowed else {
            throw Problem(
                .rateLimited, "The key may make \(decision.limit) requests a second.", retryAfterSeconds: 1)
        }
    }

    private func admit(
        _ request: Hummingbird.Request, _ context: GatewayRequestContext, _ caller: Caller?, _ arrival: Arrival,
        _ endpoint: Endpoint
    ) async throws -> Reply {
        let parameters = pathParameters(context, endpoint)
        @Sendable func call(
            query: [String: String] = [:], body: [UInt8] = [], claim: IdempotencyClaim? = nil,
            slot: CheckoutAdmission.Slot? = nil
        ) -> Call {
            Call(
                endpoint: endpoint, arrival: arrival, caller: caller, path: request.uri.path,
                pathParameters: parameters, query: query, headers: request.headers, body: body, claim: claim,
                slot: slot,
                resourceID: claim?.resourceID ?? moments.moment().makeUUID())
        }
        do {
            try caller?.authorize(for: endpoint.access)
        } catch {
            // Being turned away from a change is worth knowing, too.
            return try await record(refuse(error, arrival), of: call())
        }
        let slot = try slot(for: caller, at: endpoint, arrival)
        if let subject = answers.subject(of: request, context, caller, endpoint) {
            let reply = try await answers.reply(about: subject) {
                let query = try QueryReader.read(request.uri.query, endpoint.query)
                let call = call(query: query)
                return tagged(try await endpoint.handle(call), call)
            }
            if let text = request.head.path { answers.note(text, endpoint, subject) }
            return matched(reply, request.headers)
        }
        let query = try QueryReader.read(request.uri.query, endpoint.query)
        let key = try idempotencyKey(of: request, endpoint)
        let body = endpoint.readsBody ? try await bodies.read(request) : []
        try checkMediaType(of: request, body, endpoint)
        guard let key, let caller else {
            return try await perform(call(query: query, body: body))
        }
        let idempotent = IdempotentRequest(
            organizationID: caller.tenant?.organizationID ?? IdempotentRequest.platform, key: key,
            method: request.method.rawValue, path: request.uri.path, bodyHash: Array(SHA256.hash(data: Data(body))))
        if let problem = await endpoint.foreseenRefusal?(call(query: query, body: body)),
            try await !ledger.knows(idempotent)
        {
            if problem.slug == .soldOut { admission.countSoldOut() }
            arrival.note { $0.isForeseen = true }
            throw problem
        }
        switch try await ledger.claim(idempotent) {
        case .replayed(let reply): return reply
        case .granted(let claim): return try await perform(call(query: query, body: body, claim: claim, slot: slot))
        }
    }

    /// Nil where no room is needed. It is taken before the body is read: whatever a request does, few do it at a time.
    private func slot(
        for caller: Caller?, at endpoint: Endpoint, _ arrival: Arrival
    ) throws -> CheckoutAdmission.Slot? {
        guard endpoint.isAdmittedByCapacity, let tenant = caller?.tenant else { return nil }
        do {
            return try admission.begin(of: tenant.organizationID)
        } catch {
            arrival.note { $0.isForeseen = true }
            throw error
        }
    }

    private func pathParameters(_ context: GatewayRequestContext, _ endpoint: Endpoint) -> [String: String] {
        var parameters: [String: String] = [:]
        for name in endpoint.pathParameters { parameters[name] = context.parameters.get(name)?.removingPercentEncoding }
        return parameters
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
        // Whoever has changed something, or tried to, sees it at once.
        if call.endpoint.audited != nil, let tenant = call.caller?.tenant {
            answers.forget(tenant.organizationID)
            availability.forget(of: tenant.organizationID)
        }
        if !reply.isRecorded { reply = try await record(reply, of: call) }
        return matched(tagged(reply, call), call.headers)
    }

    private func record(_ reply: Reply, of call: Call) async throws -> Reply {
        if recorder.isAudited(call, reply) {
            try await recorder.record(reply, of: call, ledger: ledger)
        } else if let claim = call.claim {
            do {
                try await ledger.end(claim, with: reply)
            } catch let error as PostgresError {
                // The request has changed nothing. Until its claim runs out, a repetition is told to come back.
                logger.warning(
                    "a claim could not be released",
                    metadata: ["request_id": "\(call.requestID)", "error": "\(error)"])
            }
        }
        return reply
    }

    /// The reply with its entity tag, where the endpoint's answers have one.
    private func tagged(_ reply: Reply, _ call: Call) -> Reply {
        guard call.endpoint.isRevalidated, reply.status == 200, case .bytes(let bytes, _) = reply.body else {
            return reply
        }
        var reply = reply
        reply.headers[.eTag] = EntityTag(of: bytes).description
        return reply
    }

    /// 304 instead of a reply that the client has already.
    private func matched(_ reply: Reply, _ headers: HTTPFields) -> Reply {
        guard reply.status == 200, let tag = reply.headers[.eTag] else { return reply }
        let candidates = headers[values: .ifNoneMatch]
        guard !candidates.isEmpty, EntityTag(description: tag).isNamed(in: candidates) else { return reply }
        return Reply(status: 304, headers: reply.headers)
    }

    private func refuse(_ error: any Error, _ arrival: Arrival) -> Reply {
        var logger = logger
        logger[metadataKey: "request_id"] = "\(arrival.requestID.lowercaseText)"
        return Refusal(error, logger: logger).reply(requestID: arrival.requestID)
    }
}
