import Contracts
import Foundation
import Postgres

/// What Notifications has written down about webhooks by the end of a run.
@SimulationActor
struct WebhookBook {
    /// Something that happened to an object.
    struct Fact: Hashable {
        let organizationID: OrganizationID
        let type: String
        let objectID: UUID
    }

    struct Event {
        let id: WebhookEventID
        let fact: Fact
    }

    struct Endpoint {
        let isEnabled: Bool
        let lastSequence: Int
    }

    struct Delivery {
        let id: WebhookDeliveryID
        let endpointID: WebhookEndpointID
        let eventID: WebhookEventID
        let sequence: Int
        let status: String
    }

    let endpoints: [WebhookEndpointID: Endpoint]
    let events: [Event]
    let deliveries: [Delivery]

    static func read(_ databases: SimulatedDatabases) async throws -> WebhookBook {
        let client = try databases.client(of: .notifications)
        let endpoints = try await client.query(
            "SELECT id, status = 'enabled', last_sequence FROM webhook_endpoints"
        ).decode((WebhookEndpointID, Bool, Int).self)
        let events = try await client.query(
            "SELECT id, organization_id, type, object_id FROM webhook_events ORDER BY id"
        ).decode((WebhookEventID, OrganizationID, String, UUID).self)
        let deliveries = try await client.query(
            "SELECT id, endpoint_id, event_id, sequence, status FROM webhook_delivery_logs ORDER BY id"
        ).decode((WebhookDeliveryID, WebhookEndpointID, WebhookEventID, Int, String).self)
        return WebhookBook(
            endpoints: Dictionary(
                uniqueKeysWithValues: endpoints.map { ($0, Endpoint(isEnabled: $1, lastSequence: $2)) }),
            events: events.map {
                Event(id: $0, fact: Fact(organizationID: $1, type: $2, objectID: $3))
            },
            deliveries: deliveries.map {
                Delivery(id: $0, endpointID: $1, eventID: $2, sequence: $3, status: $4)
            })
    }
}
