import Contracts

// What is answered.
extension Schema {
    static let problem = Schema("Problem", describing: ProblemDocument.example)
        .with("type", .described("Ends in the stable slug of the kind of problem."))
        .with("instance", .described("The request's id, as in `X-Request-Id`."))
        .with("errors", .described("The wrong fields, for `validation-failed`."))

    static let organization = Schema("Organization", describing: OrganizationDetails.example)
    static let organizationPage = page("OrganizationPage", of: OrganizationDetails.example)
    static let apiKey = Schema("APIKey", describing: APIKeyDetails.example)
        .with("key", .described("The whole key: only in the answer that created it."))
    static let apiKeyPage = page("APIKeyPage", of: APIKeyDetails.example)

    static let event = Schema("Event", describing: EventDetails.example)
    static let eventPage = page("EventPage", of: EventDetails.example)
    static let occurrence = Schema("Occurrence", describing: OccurrenceDetails.example)
        .with("public_key", .described("The Ed25519 key that verifies this occurrence's ticket codes, base64."))
    static let history = Schema("History", describing: SagaHistory.example)
        .with("data", .described("Oldest first."))
        .with("data[].state", .described("The state after it."))
        .with("data[].message", .described("What was heard: the message's name, or the timer's."))
    static let cancellation = Schema("Cancellation", describing: Cancellation.example)
        .with("cause", .described("Absent until the refunds have begun."))
        .with("reason", .described("What the attendees are told. Absent until the refunds have begun."))
        .with("orders_total", .described("May still grow while payments are in flight."))
        .with("orders_failed", .described("Orders whose refund the provider refused."))
        .with("currency", .described("Absent while no order has been found."))
    static let occurrencePage = page("OccurrencePage", of: OccurrenceDetails.example)
    static let ticketType = Schema("TicketType", describing: TicketTypeDetails.example)
    static let ticketTypePage = page("TicketTypePage", of: TicketTypeDetails.example)
    static let availability = Schema("Availability", describing: Availability.example)
        .with("capacity", .described("Absent for unlimited.")).with("available", .described("Absent for unlimited."))

    static let checkout = Schema("Checkout", describing: CheckoutDetails.example)
        .with("expires_at", .described("When the hold ends."))
        .with("reason", .described("Why nothing was held, or why it was canceled."))
        .with("payment.reason", .described("Why the payment failed."))
    static let checkoutHistory = Schema("CheckoutHistory", describing: CheckoutHistory.example)

    static let order = Schema("Order", describing: OrderDetails.example)
    static let orderPage = page("OrderPage", of: OrderDetails.example)
    static let refund = Schema("Refund", describing: RefundDetails.example)
        .with("amount_cents", .described("In minor units; 0 for tickets that were free."))
        .with("ticket_ids", .described("The tickets that it takes back; empty for a refund of an amount."))
        .with("failure", .described("Why it was refused or failed."))
    static let ticket = Schema("Ticket", describing: TicketDetails.example)
        .with("code", .described("What the QR code holds. Present once confirmed."))
        .with("refund_id", .described("The refund that takes it back: from then on it does not admit."))

    static let scanAnswer = Schema("ScanAnswer", describing: ScanAnswer.example)

    static let webhookEndpoint = Schema("WebhookEndpoint", describing: WebhookEndpointDetails.example)
        .with("secret", .described("For verifying signatures: only in the answers that created or rotated it."))
        .with("old_secret_expires_at", .described("Until when deliveries carry the old secret's signature too."))
        .with(
            "disabled_reason",
            .described("Why it was disabled, when its owner did not do it: it answered 410, or failed.")
        )
        .with("failing_since", .described("Since when every attempt has failed; after five days it is disabled."))
    static let webhookEndpointPage = page("WebhookEndpointPage", of: WebhookEndpointDetails.example)
    static let webhookDelivery = Schema("WebhookDelivery", describing: WebhookDeliveryDetails.example)
        .with(
            "sequence", .described("Numbers the endpoint's deliveries from 1 without gaps; sent as `webhook-sequence`.")
        )
    static let webhookRetrySummary = Schema("WebhookRetrySummary", describing: WebhookRetrySummary.example)
        .with("has_more", .described("Whether more remain: ask again with `next_cursor` as `cursor`."))
    static let webhookDeliveryPage = page("WebhookDeliveryPage", of: WebhookDeliveryDetails.example)

    static let occurrenceReport = Schema("OccurrenceReport", describing: OccurrenceReport.example)
        .with("tickets_sold", .described("Sold and not refunded."))
        .with("revenue_cents", .described("What was paid; refunds are not subtracted."))
        .with("refunded_cents", .described("What was given back, for tickets and as amounts."))
        .with("by_ticket_type[].refunded_cents", .described("What was given back for tickets of this type."))
    static let ledgerAccountPage = page("LedgerAccountPage", of: LedgerAccountDetails.example)
    static let journalEntryPage = page("JournalEntryPage", of: JournalEntryDetails.example)
        .with("data[].lines[].amount_cents", .described("Positive debits, negative credits."))
    static let auditEntryPage = page("AuditEntryPage", of: AuditEntry.example)

    private static func page<Element>(_ name: String, of example: Element) -> Schema
    where Element: Codable & Sendable & Equatable {
        Schema(name, describing: Page(data: [example], nextCursor: nil))
            .with("next_cursor", .described("Give it back as `cursor` to get the next page; null on the last one."))
    }
}
