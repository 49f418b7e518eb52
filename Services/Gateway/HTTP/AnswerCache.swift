import Contracts
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// Remembers what was answered to public reads, as bytes that are ready to be sent: however many look at an occurrence,
/// its owner is asked about twice a second.
///
/// An answer is at most a second old. One that this gateway knows to be overtaken (a change through it, or a checkout
/// that it heard of) goes at once, or in a rush after a quarter of a second, for whoever asks first; others are not made to
/// wait for that. Refusals are not remembered.
final class AnswerCache: Sendable {
    /// What an answer is about.
    struct Subject: Hashable, Sendable {
        let organizationID: OrganizationID
        /// Which endpoint answers.
        let operationID: String
        /// The path's parameter.
        let id: UUID?
        /// The query as it was sent, where the endpoint reads it.
        let query: String
    }

    /// What a request's target asks for, whoever asks.
    struct Target: Sendable {
        let endpoint: Endpoint
        let id: UUID?
        let query: String
    }

    static let maximumAge = Duration.seconds(1)
    static let outdatedAge = Duration.milliseconds(250)
    private static let capacity = 4000

    private let replies: TimedCache<Subject, Reply>
    private let targets = Mutex<[String: Target]>([:])

    /// - Parameter now: the clock's reading.
    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        replies = TimedCache(
            maximumAge: Self.maximumAge, outdatedAge: Self.outdatedAge, isServedWhileRenewed: true,
            capacity: Self.capacity, now: now)
    }

    /// What a request is about; nil when its answer is not remembered: those of other endpoints, of paths without a right
    /// id, and later pages, of which there may be any number.
    func subject(
        of request: Hummingbird.Request, _ context: GatewayRequestContext, _ caller: Caller?, _ endpoint: Endpoint
    ) -> Subject? {
        guard endpoint.isRemembered, let organizationID = caller?.tenant?.organizationID else { return nil }
        var id: UUID?
        if let name = endpoint.pathParameters.first {
            id = context.parameters.get(name).flatMap { UUID(text: $0) }
            guard id != nil else { return nil }
        }
        let query = endpoint.query.isEmpty ? "" : request.uri.query ?? ""
        guard !query.contains("cursor") else { return nil }
        return Subject(organizationID: organizationID, operationID: endpoint.operationID, id: id, query: query)
    }

    /// The answer, remembered or made.
    /// - Parameter make: makes it anew; what it throws is thrown to all who ask at the same time.
    func reply(about subject: Subject, make: @escaping @Sendable () async throws -> Reply) async throws -> Reply {
        try await replies.value(for: subject) {
            var reply = try await make()
            if case .bytes(let bytes, let contentType) = reply.body {
                reply.body = .shared(ByteBuffer(bytes: bytes), contentType: contentType)
            }
            return reply
        }
    }

    /// What a request's target was found to ask for before.
    /// - Parameter text: path and query as they were sent.
    func target(_ text: String) -> Target? {
        targets.withLock { $0[text] }
    }

    /// Remembers what a target asks for, once it has been answered.
    func note(_ text: String, _ endpoint: Endpoint, _ subject: Subject) {
        targets.withLock { targets in
            // Anybody may ask in any number of ways; those in use come back at once.
            if targets.count >= Self.capacity { targets = [:] }
            targets[text] = Target(endpoint: endpoint, id: subject.id, query: subject.query)
        }
    }

    /// The answer, if it is remembered and need not be made anew for this very request.
    func remembered(_ target: Target, for organizationID: OrganizationID) -> Reply? {
        replies.peek(
            Subject(
                organizationID: organizationID, operationID: target.endpoint.operationID, id: target.id,
                query: target.query))
    }

    /// Notes that places of an occurrence were taken or given back.
    func outdate(availabilityOf occurrenceID: OccurrenceID, of organizationID: OrganizationID) {
        replies.outdate(
            Subject(
                organizationID: organizationID, operationID: OccurrenceRoutes.availabilityOperation,
                id: occurrenceID.rawValue, query: ""))
    }

    /// Forgets what was said of an organisation: it has changed something.
    func forget(_ organizationID: OrganizationID) {
        replies.forget { subject, _ in subject.organizationID == organizationID }
    }
}
