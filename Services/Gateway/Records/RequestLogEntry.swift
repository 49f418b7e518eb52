import Contracts
import Foundation

/// One line of the request log (seed A, 12.2).
struct RequestLogEntry: Sendable, Equatable {
    /// The `X-Request-Id` of the answer.
    let id: UUID
    let organizationID: OrganizationID?
    let keyID: APIKeyID?
    let method: String
    /// Such as `/v1/events/{id}`.
    let route: String
    let status: Int
    /// The slug of the problem that was answered.
    let problem: String?
    let traceID: String
    let durationMicroseconds: Int
    let requestedAt: Timestamp
}
