/// What a webhook tells of (API, "Webhook types").
public enum WebhookEventType: String, Codable, Sendable, CaseIterable {
    case orderCompleted = "order.completed"
    case ticketIssued = "ticket.issued"
    case ticketCheckedIn = "ticket.checked_in"
    case checkoutExpired = "checkout.expired"
    case refundCompleted = "refund.completed"
    case occurrenceCanceled = "occurrence.canceled"

    public static var example: WebhookEventType { .orderCompleted }
}
