import Contracts
import Foundation

/// An endpoint that gets nothing any more, without its owner's wish.
struct WebhookEndpointDisabled: Sendable, Equatable {
    /// Of this disabling: an endpoint may be enabled again and disabled again, and each time is told of.
    let id: UUID
    let organizationID: OrganizationID
    let endpointID: WebhookEndpointID
    let url: String
    let reason: WebhookDisabledReason
    let failingSince: Timestamp?
    let disabledAt: Timestamp

    /// For the organisation's other endpoints.
    var webhookNotice: WebhookNotice {
        WebhookNotice(
            type: .webhookEndpointDisabled, objectID: id, occurredAt: disabledAt,
            data: .members([
                "endpoint_id": .id(endpointID), "url": .string(url), "reason": .string(reason.rawValue),
                "failing_since": failingSince.map { .time($0) }, "disabled_at": .time(disabledAt),
            ]))
    }

    /// For the organisation itself.
    func letter(to organizationName: String) -> EndpointDisabledLetter {
        EndpointDisabledLetter(
            organizationName: organizationName, endpointID: endpointID, url: url, reason: reason,
            failingSince: failingSince, disabledAt: disabledAt)
    }
}
