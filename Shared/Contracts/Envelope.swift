import Foundation

/// What travels beside every message: AMQP's own properties plus a few headers (design, section 4).
public struct Envelope: Codable, Sendable, Equatable {
    /// AMQP `message_id`. The same message keeps it over every resend, so that the inbox knows it again.
    public var id: UUID
    /// AMQP `type`: the message's name.
    public var type: String
    /// AMQP `timestamp` (whole seconds on the wire; the header `occurred-at` carries the milliseconds).
    public var occurredAt: Timestamp
    /// AMQP `correlation_id`: the saga this message belongs to.
    public var correlationID: UUID?
    /// Header `causation-id`: the message that caused this one.
    public var causationID: UUID?
    /// Header `organization-id`: the tenant; absent only for messages about the platform itself.
    public var organizationID: OrganizationID?
    /// Header `traceparent`, W3C Trace Context level 1.
    public var traceparent: String?
    /// AMQP `app_id`: the service that sent it.
    public var appID: String

    public init(
        id: UUID, type: String, occurredAt: Timestamp, correlationID: UUID? = nil, causationID: UUID? = nil,
        organizationID: OrganizationID? = nil, traceparent: String? = nil, appID: String
    ) {
        self.id = id
        self.type = type
        self.occurredAt = occurredAt
        self.correlationID = correlationID
        self.causationID = causationID
        self.organizationID = organizationID
        self.traceparent = traceparent
        self.appID = appID
    }
}
