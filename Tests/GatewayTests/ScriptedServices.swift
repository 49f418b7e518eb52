import Contracts
import Foundation
import Synchronization

@testable import Gateway

/// The other services as a test wants them: each request is answered by what the test says, and remembered.
final class ScriptedServices: ServiceCalls {
    struct Asked: Sendable {
        let request: any Contracts.Request
        let organizationID: OrganizationID?
        let traceparent: String?
    }

    private typealias Answer = @Sendable (any Contracts.Request) async throws -> any Sendable

    private let answers = Mutex<[String: Answer]>([:])
    private let log = Mutex<[Asked]>([])

    /// Answers one kind of request from now on.
    func on<Body: Contracts.Request>(
        _ type: Body.Type, _ answer: @escaping @Sendable (Body) async throws -> Body.Reply
    ) {
        answers.withLock { answers in
            answers[Body.name] = { request in
                guard let request = request as? Body else { throw Problem(.internalError, "asked for something else") }
                return try await answer(request)
            }
        }
    }

    /// What was asked of one kind, in order.
    func asked<Body: Contracts.Request>(_ type: Body.Type) -> [Body] {
        log.withLock { $0.compactMap { $0.request as? Body } }
    }

    var last: Asked? { log.withLock { $0.last } }

    /// What no test has scripted is away.
    func ask<Body: Contracts.Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?, timeout: Duration
    ) async throws -> Body.Reply {
        log.withLock { $0.append(Asked(request: request, organizationID: organizationID, traceparent: traceparent)) }
        guard let answer = answers.withLock({ $0[Body.name] }),
            let reply = try await answer(request) as? Body.Reply
        else { throw Problem(.unavailable, "The \(Body.recipient) service did not answer.", retryAfterSeconds: 1) }
        return reply
    }

    func askEncoded<Body: Contracts.Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?, timeout: Duration
    ) async throws -> [UInt8] {
        try MessageCodec.encode(
            try await ask(
                request, organizationID: organizationID, correlationID: correlationID, traceparent: traceparent,
                timeout: timeout))
    }
}
