/// Who did what to which object, when.
public struct AuditEntry: Codable, Sendable, Equatable {
    public var id: String
    public var actor: Actor
    /// Such as `event.create`.
    public var action: String
    public var resourceType: String
    public var resourceID: String?
    /// HTTP status of the answer.
    public var status: Int
    public var occurredAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, actor, action, status
        case resourceType = "resource_type"
        case resourceID = "resource_id"
        case occurredAt = "occurred_at"
    }

    public init(
        id: String, actor: Actor, action: String, resourceType: String, resourceID: String? = nil, status: Int,
        occurredAt: Timestamp
    ) {
        self.id = id
        self.actor = actor
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.status = status
        self.occurredAt = occurredAt
    }

    public static var example: AuditEntry {
        AuditEntry(
            id: "0192f0c1-0000-7000-8000-000000000001", actor: .example, action: "event.create",
            resourceType: "event", resourceID: "0192f0c1-0000-7000-8000-000000000002", status: 201,
            occurredAt: .example
        )
    }
}
