import Contracts
import Foundation
import HTTPTypes

/// Webhook endpoints and deliveries, kept by Notifications.
struct WebhookRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] { registration + rotation + deliveries + retries }

    private var registration: [Endpoint] {
        let access = EndpointAccess.scope(.webhooksManage)
        return [
            Endpoint(
                method: .post, path: "/v1/webhook-endpoints", operationID: "createWebhookEndpoint",
                summary: "Register an endpoint. Its secret is shown in this answer and never again.", tag: .webhooks,
                access: access, idempotency: .required,
                audited: AuditedAction("webhook_endpoint.create", on: "webhook_endpoint"),
                body: .json(.webhookEndpointDraft, example: WebhookEndpointDraft.example),
                answers: [.created(.webhookEndpoint)], problems: [.conflict], handle: create),
            Endpoint(
                method: .get, path: "/v1/webhook-endpoints", operationID: "listWebhookEndpoints",
                summary: "The endpoints.", tag: .webhooks, access: access, query: QueryParameter.page,
                answers: [.page(.webhookEndpointPage)], handle: list),
            Endpoint(
                method: .get, path: "/v1/webhook-endpoints/{id}", operationID: "getWebhookEndpoint",
                summary: "One endpoint.", tag: .webhooks, access: access, answers: [.ok(.webhookEndpoint)],
                handle: get),
            Endpoint(
                method: .patch, path: "/v1/webhook-endpoints/{id}", operationID: "updateWebhookEndpoint",
                summary: "Change an endpoint; absent fields stay as they are.", tag: .webhooks, access: access,
                idempotency: .accepted, audited: AuditedAction("webhook_endpoint.update", on: "webhook_endpoint"),
                body: .mergePatch(.webhookEndpointChanges, example: WebhookEndpointChanges.example),
                answers: [.ok(.webhookEndpoint)], problems: [.conflict], handle: update),
            Endpoint(
                method: .delete, path: "/v1/webhook-endpoints/{id}", operationID: "deleteWebhookEndpoint",
                summary: "Remove an endpoint; what it was still to get is not sent.", tag: .webhooks, access: access,
                idempotency: .accepted, audited: AuditedAction("webhook_endpoint.delete", on: "webhook_endpoint"),
                answers: [.noContent], problems: [.conflict], handle: delete),
        ]
    }

    private var rotation: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/webhook-endpoints/{id}/rotate-secret", operationID: "rotateWebhookSecret",
                summary:
                    "Give an endpoint a new secret, shown in this answer and never again. The old one signs beside it "
                    + "for a while.", tag: .webhooks, access: .scope(.webhooksManage), idempotency: .required,
                audited: AuditedAction("webhook_endpoint.rotate_secret", on: "webhook_endpoint"),
                body: .optionalJSON(.webhookSecretRotationDraft, example: WebhookSecretRotationDraft.example),
                answers: [.ok(.webhookEndpoint)], problems: [.conflict], handle: rotateSecret)
        ]
    }

    private var deliveries: [Endpoint] {
        let access = EndpointAccess.scope(.webhooksManage)
        return [
            Endpoint(
                method: .get, path: "/v1/webhook-endpoints/{id}/deliveries", operationID: "listWebhookDeliveries",
                summary: "What was sent to an endpoint, newest first, with every attempt.", tag: .webhooks,
                access: access,
                query: [
                    .choice("status", WebhookDeliveryStatus.self, "Only deliveries in this status."),
                    .time("from", "Only deliveries that began at this time or later."),
                    .time("until", "Only deliveries that began before this time."),
                ] + QueryParameter.page, answers: [.page(.webhookDeliveryPage)], handle: listDeliveries)
        ]
    }

    private var retries: [Endpoint] {
        let access = EndpointAccess.scope(.webhooksManage)
        return [
            Endpoint(
                method: .post, path: "/v1/webhook-endpoints/{id}/deliveries/retry",
                operationID: "retryWebhookDeliveries",
                summary: "Send what failed in a stretch of time again, oldest first, at most 1,000 at once.",
                tag: .webhooks, access: access, idempotency: .required,
                audited: AuditedAction("webhook_delivery.retry_range", on: "webhook_endpoint"),
                body: .json(.webhookRetryDraft, example: WebhookRetryDraft.example),
                answers: [
                    EndpointAnswer(
                        status: 202, summary: "Will be sent at once.", content: .json(.webhookRetrySummary))
                ], problems: [.conflict], handle: retryRange),
            Endpoint(
                method: .post, path: "/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/retry",
                operationID: "retryWebhookDelivery", summary: "Send something again, now.", tag: .webhooks,
                access: access, idempotency: .required,
                audited: AuditedAction("webhook_delivery.retry", on: "webhook_delivery"),
                answers: [
                    EndpointAnswer(status: 202, summary: "Will be sent at once.", content: .json(.webhookDelivery))
                ], problems: [.conflict], handle: retry),
        ]
    }

    private func create(_ call: Call) async throws -> Reply {
        let draft: WebhookEndpointDraft = try call.decode()
        let endpoint = try await calls.ask(
            CreateWebhookEndpoint(
                endpointID: WebhookEndpointID(call.resourceID), url: draft.url, eventTypes: draft.eventTypes),
            for: call)
        return try .created(endpoint, at: "/v1/webhook-endpoints/\(endpoint.id)", id: endpoint.id.description)
    }

    private func list(_ call: Call) async throws -> Reply {
        try call.reply(with: try await calls.ask(ListWebhookEndpoints(page: call.page), for: call))
    }

    private func get(_ call: Call) async throws -> Reply {
        let question = GetWebhookEndpoint(endpointID: try call.id(of: "webhook endpoint"))
        return try .json(200, try await calls.ask(question, for: call))
    }

    private func update(_ call: Call) async throws -> Reply {
        let id: WebhookEndpointID = try call.id(of: "webhook endpoint")
        let changes: WebhookEndpointChanges = try call.decode()
        let endpoint = try await calls.ask(UpdateWebhookEndpoint(endpointID: id, changes: changes), for: call)
        return try Reply.json(200, endpoint).about(id)
    }

    private func delete(_ call: Call) async throws -> Reply {
        let id: WebhookEndpointID = try call.id(of: "webhook endpoint")
        _ = try await calls.ask(DeleteWebhookEndpoint(endpointID: id), for: call)
        return Reply.noContent.about(id)
    }

    private func listDeliveries(_ call: Call) async throws -> Reply {
        let question = ListWebhookDeliveries(
            endpointID: try call.id(of: "webhook endpoint"), page: call.page, status: call.choice("status"),
            from: call.time("from"), until: call.time("until"))
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func rotateSecret(_ call: Call) async throws -> Reply {
        let id: WebhookEndpointID = try call.id(of: "webhook endpoint")
        let draft: WebhookSecretRotationDraft =
            try call.body.isEmpty ? WebhookSecretRotationDraft() : call.decode()
        let endpoint = try await calls.ask(
            RotateWebhookSecret(
                endpointID: id, rotationID: WebhookSecretRotationID(call.resourceID),
                oldSecretExpiresInSeconds: draft.oldSecretExpiresInSeconds
                    ?? WebhookSecretRotationDraft.defaultOverlap), for: call)
        return try Reply.json(200, endpoint).about(id)
    }

    private func retryRange(_ call: Call) async throws -> Reply {
        let id: WebhookEndpointID = try call.id(of: "webhook endpoint")
        let draft: WebhookRetryDraft = try call.decode()
        let summary = try await calls.ask(
            RetryWebhookDeliveries(
                endpointID: id, from: draft.from, until: draft.until,
                statuses: draft.statuses ?? WebhookRetryDraft.defaultStatuses, cursor: draft.cursor), for: call)
        return try Reply.json(202, summary).about(id)
    }

    private func retry(_ call: Call) async throws -> Reply {
        let endpointID: WebhookEndpointID = try call.id(of: "webhook endpoint")
        let deliveryID: WebhookDeliveryID = try call.id("delivery_id", of: "delivery")
        let delivery = try await calls.ask(
            RetryWebhookDelivery(endpointID: endpointID, deliveryID: deliveryID), for: call)
        return try Reply.json(202, delivery).about(deliveryID)
    }
}
