import Contracts

/// What an organisation is told of a webhook endpoint that gets nothing any more.
struct EndpointDisabledLetter: Codable, Sendable, Equatable {
    var organizationName: String
    var endpointID: WebhookEndpointID
    var url: String
    var reason: WebhookDisabledReason
    var failingSince: Timestamp?
    var disabledAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case url, reason
        case organizationName = "organization_name"
        case endpointID = "endpoint_id"
        case failingSince = "failing_since"
        case disabledAt = "disabled_at"
    }
}
