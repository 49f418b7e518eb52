import Contracts
import Foundation

/// What handling a message causes: messages that leave once the transaction is committed, and work that must be done
/// outside of it. Both become rows of the same transaction.
public struct Effects: Sendable, ExpressibleByArrayLiteral {
    public var messages: [Outgoing]
    public var jobs: [NewJob]

    public init(messages: [Outgoing] = [], jobs: [NewJob] = []) {
        self.messages = messages
        self.jobs = jobs
    }

    /// These messages, for the tenant and the saga of the message that caused them.
    public init(_ messages: any Message...) {
        self.init(messages: messages.map { Outgoing($0) })
    }

    public init(arrayLiteral messages: any Message...) {
        self.init(messages: messages.map { Outgoing($0) })
    }

    /// Nothing follows.
    public static let none = Effects(messages: [], jobs: [])

    public mutating func send(
        _ message: any Message, organizationID: OrganizationID? = nil, correlationID: UUID? = nil
    ) {
        messages.append(Outgoing(message, organizationID: organizationID, correlationID: correlationID))
    }

    public mutating func start(_ job: NewJob) {
        jobs.append(job)
    }

    public mutating func append(_ other: Effects) {
        messages += other.messages
        jobs += other.jobs
    }
}

/// A message on its way out. Organisation and correlation are those of the cause unless given here.
public struct Outgoing: Sendable {
    public let message: any Message
    public let organizationID: OrganizationID?
    public let correlationID: UUID?

    public init(_ message: any Message, organizationID: OrganizationID? = nil, correlationID: UUID? = nil) {
        self.message = message
        self.organizationID = organizationID
        self.correlationID = correlationID
    }
}

/// Work outside of the database that begins at a time: see ``JobPerformer``.
public struct NewJob: Sendable {
    public let kind: String
    public let payload: any Codable & Sendable
    /// When to begin; nil for as soon as the transaction is committed.
    public let dueAt: Timestamp?
    public let organizationID: OrganizationID?
    public let correlationID: UUID?

    public init<Performer: JobPerformer>(
        _ performer: Performer.Type, _ payload: Performer.Payload, dueAt: Timestamp? = nil,
        organizationID: OrganizationID? = nil, correlationID: UUID? = nil
    ) {
        self.kind = Performer.kind
        self.payload = payload
        self.dueAt = dueAt
        self.organizationID = organizationID
        self.correlationID = correlationID
    }
}
