/// What the audit log says of an endpoint's calls, successful or refused.
struct AuditedAction: Sendable, Equatable {
    /// Such as `event.create`.
    let action: String
    /// Such as `event`.
    let resourceType: String

    init(_ action: String, on resourceType: String) {
        self.action = action
        self.resourceType = resourceType
    }
}
