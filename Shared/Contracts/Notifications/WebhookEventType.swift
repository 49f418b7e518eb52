/// What a webhook tells of (API, "Webhook types").
public enum WebhookEventType: String, Codable, Sendable, CaseIterable {
    case orderCompleted = "order.completed"
    case ticketIssued = "ticket.issued"
    case ticketCheckedIn = "ticket.checked_in"
    case checkoutExpired = "checkout.expired"
    case refundCompleted = "refund.completed"
    case occurrenceCanceled = "occurrence.canceled"
    /// Another endpoint of the organisation gets nothing any more.
    case webhookEndpointDisabled = "webhook_endpoint.disabled"

    public static var example: WebhookEventType { .orderCompleted }
}
