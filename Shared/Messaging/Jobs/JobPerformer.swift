import Contracts
import Foundation
import Postgres

/// Work that must call the outside world (a payment provider, a mail server, a webhook): claimed in a transaction, done
/// outside of any, recorded in a second transaction.
///
/// A job survives every crash: a claim ends by itself, and the job is then performed again. So the outside world must be
/// told an idempotency key that stays the same, such as the payload's own id.
public protocol JobPerformer: Sendable {
    associatedtype Payload: Codable & Sendable
    associatedtype Outcome: Sendable

    /// The stable name of this kind of work in the `jobs` table.
    static var kind: String { get }

    /// How many of this kind one process performs at the same time.
    var concurrency: Int { get }

    /// How long one performance may take before another process may repeat it. Longer than any deadline inside.
    var lease: Duration { get }

    /// How long an outcome may wait for others, to be recorded with them in one transaction. A crash meanwhile makes the job
    /// be performed again, as at any other moment before the record.
    var gathering: Duration { get }

    /// Calls the outside world. What it says, good or bad, is the outcome; a thrown error means that nothing can be said
    /// yet, and the job is performed again with growing delay.
    func perform(_ job: Job<Payload>) async throws -> Outcome

    /// Records outcomes. To try again later, return a new job. Called once for each performance that counts.
    /// - Returns: what each outcome causes, in the order given.
    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects]
}

extension JobPerformer {
    public var concurrency: Int { 32 }
    public var lease: Duration { .seconds(60) }
    public var gathering: Duration { .zero }
}

/// One job that is being performed.
public struct Job<Payload: Codable & Sendable>: Sendable {
    public let id: UUID
    public let payload: Payload
    /// 1 for the first performance.
    public let attempt: Int
    public let organizationID: OrganizationID?
    public let correlationID: UUID?
    /// When this performance began.
    public let startedAt: Timestamp

    public init(
        id: UUID, payload: Payload, attempt: Int, organizationID: OrganizationID?, correlationID: UUID?,
        startedAt: Timestamp
    ) {
        self.id = id
        self.payload = payload
        self.attempt = attempt
        self.organizationID = organizationID
        self.correlationID = correlationID
        self.startedAt = startedAt
    }
}

/// A job with what came of it.
public struct Performed<Payload: Codable & Sendable, Outcome: Sendable>: Sendable {
    public let job: Job<Payload>
    public let outcome: Outcome

    public init(job: Job<Payload>, outcome: Outcome) {
        self.job = job
        self.outcome = outcome
    }
}
