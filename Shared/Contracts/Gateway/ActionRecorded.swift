/// Somebody did something through the API.
public struct ActionRecorded: Event {
    public static let name = "gateway.action-recorded.v1"
    public static let source = ServiceName.gateway

    public var actionID: String
    public var actor: Actor
    public var action: String
    public var resourceType: String
    public var resourceID: String?
    public var status: Int
    public var occurredAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case actor, action, status
        case actionID = "action_id"
        case resourceType = "resource_type"
        case resourceID = "resource_id"
        case occurredAt = "occurred_at"
    }

    public init(
        actionID: String, actor: Actor, action: String, resourceType: String, resourceID: String? = nil, status: Int,
        occurredAt: Timestamp
    ) {
        self.actionID = actionID
        self.actor = actor
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.status = status
        self.occurredAt = occurredAt
    }

    public static var example: ActionRecorded {
        ActionRecorded(
            actionID: "0192f0c1-0000-7000-8000-000000000001", actor: .example, action: "event.create",
            resourceType: "event", resourceID: "0192f0c1-0000-7000-8000-000000000002", status: 201,
            occurredAt: .example
        )
    }
}
