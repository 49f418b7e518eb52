import Contracts
import Foundation
import HTTPTypes

/// One route of the API: everything the router, the checks in front of it, and the OpenAPI document need to know. They
/// all read this one object, so that they cannot differ.
final class Endpoint: Sendable {
    typealias Handle = @Sendable (Call) async throws -> Reply
    typealias ForeseenRefusal = @Sendable (Call) async -> Problem?

    let method: HTTPRequest.Method
    /// With parameters in braces, such as `/v1/events/{id}`. `id` and everything that ends in `_id` is a UUID.
    let path: String
    /// Unique over the API: the OpenAPI `operationId`.
    let operationID: String
    let summary: String
    let tag: EndpointTag
    let access: EndpointAccess
    let idempotency: IdempotencyRule
    /// Nil for what the audit log leaves out: reading, and what has a history of its own.
    let audited: AuditedAction?
    let query: [QueryParameter]
    /// Further request headers that the endpoint honours.
    let headers: [HeaderParameter]
    /// Nil for an endpoint that reads no body.
    let body: RequestBodyRule?
    let answers: [EndpointAnswer]
    /// The problems of this endpoint beyond those that every endpoint like it has.
    let problems: [Problem.Slug]
    /// Whether answers carry an ETag and `If-None-Match` is honoured.
    let isRevalidated: Bool
    /// Whether an answer may be given to all callers of the organisation for as long as ``AnswerCache`` believes it.
    let isRemembered: Bool
    /// Whether a request is turned away while more of them are under way than the platform can finish soon.
    let isAdmittedByCapacity: Bool
    /// Why a request is refused as things are known to stand, without asking anybody for it alone; nil when it may go on.
    /// Asked before the idempotency key is claimed. A request whose key was used before goes on all the same.
    let foreseenRefusal: ForeseenRefusal?
    let handle: Handle

    /// The names of the path's parameters, in order.
    let pathParameters: [String]

    init(
        method: HTTPRequest.Method, path: String, operationID: String, summary: String, tag: EndpointTag,
        access: EndpointAccess, idempotency: IdempotencyRule = .ignored, audited: AuditedAction? = nil,
        query: [QueryParameter] = [], headers: [HeaderParameter] = [], body: RequestBodyRule? = nil,
        answers: [EndpointAnswer], problems: [Problem.Slug] = [], isRevalidated: Bool = false,
        isRemembered: Bool = false, isAdmittedByCapacity: Bool = false,
        foreseenRefusal: ForeseenRefusal? = nil, handle: @escaping Handle
    ) {
        self.method = method
        self.path = path
        self.operationID = operationID
        self.summary = summary
        self.tag = tag
        self.access = access
        self.idempotency = idempotency
        self.audited = audited
        self.query = query
        self.headers = headers
        self.body = body
        self.answers = answers
        self.problems = problems
        self.isRevalidated = isRevalidated
        self.isRemembered = isRemembered
        self.isAdmittedByCapacity = isAdmittedByCapacity
        self.foreseenRefusal = foreseenRefusal
        self.handle = handle
        pathParameters = path.split(separator: "/").compactMap { part in
            guard let open = part.firstIndex(of: "{"), let close = part.firstIndex(of: "}") else { return nil }
            return String(part[part.index(after: open)..<close])
        }
    }

    /// Every kind of problem that the endpoint can answer, by status. A malformed body and a wrong one are both
    /// `validation-failed`, as 400 and as 422.
    var problemsByStatus: [Int: [Problem.Slug]] {
        var slugs: Set<Problem.Slug> = Set(problems).union([.internalError])
        var byStatus: [Int: [Problem.Slug]] = [:]
        if access != .open { slugs.formUnion([.unauthenticated, .forbidden, .rateLimited, .unavailable]) }
        if case .scope = access { slugs.insert(.organizationInactive) }
        if !pathParameters.isEmpty { slugs.insert(.notFound) }
        if !query.isEmpty { slugs.insert(.validationFailed) }
        if body != nil {
            slugs.formUnion([.validationFailed, .unsupportedMediaType])
            byStatus[400] = [.validationFailed]
        }
        if readsBody { slugs.insert(.payloadTooLarge) }
        if idempotency != .ignored {
            slugs.formUnion([.idempotencyKeyReused, .requestInProgress, .idempotencyKeyRequired, .conflict])
        }
        for slug in slugs { byStatus[slug.status, default: []].append(slug) }
        return byStatus.mapValues { $0.sorted { $0.rawValue < $1.rawValue } }
    }

    /// Whether what is sent along is read at all.
    var readsBody: Bool { body != nil || idempotency != .ignored }
}
