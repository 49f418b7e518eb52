import Contracts
import Foundation
import Synchronization

/// One request as the edge knows it: who it turned out to come from, and what became of it. For the log.
final class Arrival: Sendable {
    /// What is found out on the way.
    struct Findings: Sendable {
        var caller: Caller?
        var slug: Problem.Slug?
        /// Whether a transaction of the request has written its log line.
        var isLogged = false
        /// Whether it was refused by what is in memory.
        var isForeseen = false
    }

    /// The `X-Request-Id` of the answer.
    let requestID: UUID
    let receivedAt: Timestamp
    let startedAt: ContinuousClock.Instant
    /// W3C Trace Context: this gateway's span of the caller's trace, or of a new one.
    let traceparent: String
    private let findings = Mutex(Findings())

    init(requestID: UUID, receivedAt: Timestamp, startedAt: ContinuousClock.Instant, traceparent: String) {
        self.requestID = requestID
        self.receivedAt = receivedAt
        self.startedAt = startedAt
        self.traceparent = traceparent
    }

    var found: Findings { findings.withLock { $0 } }

    func note(_ change: (inout Findings) -> Void) {
        findings.withLock { change(&$0) }
    }

    /// How long the request has taken so far.
    var elapsed: Duration { ContinuousClock.now - startedAt }

    /// The request's line in the log.
    func logEntry(method: String, route: String, status: Int) -> RequestLogEntry {
        let found = found
        let (seconds, attoseconds) = elapsed.components
        return RequestLogEntry(
            id: requestID, organizationID: found.caller?.tenant?.organizationID, keyID: found.caller?.keyID,
            method: method, route: route, status: status, problem: found.slug?.rawValue,
            // After the version: TraceContext makes no other form.
            traceID: String(decoding: traceparent.utf8.dropFirst(3).prefix(32), as: UTF8.self),
            durationMicroseconds: Int(max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)),
            requestedAt: receivedAt)
    }
}
