import Contracts
import Foundation
import Messaging

/// Asks other services: what ``RequestClient`` does, as the routes see it.
protocol ServiceCalls: Sendable {
    /// - Throws: a ``Problem``: the other side's refusal, or `unavailable` when no answer came in time.
    func ask<Body: Contracts.Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?, timeout: Duration
    ) async throws -> Body.Reply

    /// Asks for an answer that is only handed on.
    /// - Returns: the JSON of a `Body.Reply`.
    func askEncoded<Body: Contracts.Request>(
        _ request: Body, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?, timeout: Duration
    ) async throws -> [UInt8]
}

extension RequestClient: ServiceCalls {}

extension ServiceCalls {
    /// Asks on behalf of a call, for the caller's organisation.
    func ask<Body: Contracts.Request>(
        _ request: Body, for call: Call, correlationID: UUID? = nil, timeout: Duration = .seconds(5)
    ) async throws -> Body.Reply {
        try await ask(
            request, organizationID: call.organizationID, correlationID: correlationID, traceparent: call.traceparent,
            timeout: timeout)
    }
}
