import Contracts

/// A message that arrived, with what travelled beside it.
public struct Received<Body: Message>: Sendable {
    public let envelope: Envelope
    public let body: Body

    public init(envelope: Envelope, body: Body) {
        self.envelope = envelope
        self.body = body
    }

    /// The tenant the message belongs to.
    /// - Throws: ``MessagingError/missingOrganization(_:)`` when it names none: only messages about the platform may.
    public var organizationID: OrganizationID {
        get throws {
            guard let organizationID = envelope.organizationID else {
                throw MessagingError.missingOrganization(envelope.type)
            }
            return organizationID
        }
    }
}
