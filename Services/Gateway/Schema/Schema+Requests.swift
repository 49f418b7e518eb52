import Contracts

// The bodies of requests.
extension Schema {
    private static let maximumCapacity = 10_000_000
    private static let maximumPriceCents = 1_000_000_000_000
    private static let minutesOfAYear = 525_600
    private static let contactEmail = [String: JSONValue].emailAddress.merging(
        .described(
            "Where the organisation itself is written to, about a webhook endpoint that was disabled for instance.")
    ) { $1 }

    static let organizationDraft = Schema("OrganizationDraft", describing: OrganizationDraft.example)
        .with("name", .line()).with("slug", .slug).with("slug", .described("Unique over the platform."))
        .with("contact_email", contactEmail).with("plan", .described("Default `free`.")).forRequests

    static let organizationChanges = Schema("OrganizationChanges", describing: OrganizationChanges.example)
        .with("name", .line()).with("contact_email", contactEmail)
        .with("status", .described("Anything but `active` stops every operation of the organisation."))
        .with("", ["minProperties": .integer(1)]).forRequests

    static let apiKeyDraft = Schema("APIKeyDraft", describing: APIKeyDraft.example)
        .with("name", .line())
        .with("scopes", .count(1...Scope.allCases.count)).with("scopes", ["uniqueItems": .bool(true)])
        .with("expires_at", .described("In the future. Absent for a key that lasts until it is revoked."))
        .with("requests_per_second", .range(APIKeyDraft.requestsPerSecondRange))
        .with("requests_per_second", .described("Default \(TokenBucket.defaultRequestsPerSecond).")).forRequests

    private static let eventFields = Schema("EventDraft", describing: EventDraft.example)
        .with("name", .line()).with("slug", .slug)
        .with("slug", .described("Unique within the organisation; made from the name when absent."))
        .with("description", .prose(10_000))
        .with("category", .described("Default `other`.")).with("event_type", .described("Default `one_time`."))
        .with("venue_type", .described("Default `off_property`."))
        .with("duration_minutes", .range(1...minutesOfAYear))
        .with("duration_minutes", .described("Standard duration of one occurrence."))
        .with("venue_name", .line()).with("organizer_name", .line())
        .with("max_capacity", .range(1...maximumCapacity))
        .with("max_capacity", .described("Most attendees of one occurrence; absent for unlimited."))
        .with("min_capacity", .range(1...maximumCapacity))
        .with("min_capacity", .described("Fewest attendees to run; default 1."))

    static let eventDraft = eventFields.forRequests

    static let eventChanges = eventFields.forMergePatch("EventChanges")
        .adding("status", .object(.choice([EventStatus.active, .paused, .archived].map(\.rawValue))))

    static let occurrenceDraft = Schema("OccurrenceDraft", describing: OccurrenceDraft.example)
        .with("end_at", .described("After `start_at`."))
        .with("timezone", .line(1...64))
        .with("timezone", .described("IANA zone of the venue, such as `Africa/Johannesburg`."))
        .with("occurrence_name", .line())
        .with("occurrence_name", .described("Overrides the event's name for this date."))
        .with("capacity_override", .range(1...maximumCapacity))
        .with("capacity_override", .described("Overrides the event's `max_capacity`."))
        .with("admission_opens_at", .described("When the doors open; default `start_at`.")).forRequests

    private static let ticketTypeFields = Schema("TicketTypeDraft", describing: TicketTypeDraft.example)
        .with("name", .line()).with("description", .prose(10_000))
        .with("tier", .described("Default `general`."))
        .with("price_cents", .range(0...maximumPriceCents)).with("price_cents", .described("In minor units."))
        .with("currency", .described("ISO 4217 code; default `USD`."))
        .with("quantity_available", .range(0...maximumCapacity))
        .with("quantity_available", .described("Per occurrence; absent for unlimited."))
        .with("valid_from", .described("Sales open.")).with("valid_until", .described("Sales close."))
        .with("min_quantity", .range(CheckoutDraft.quantity))
        .with("min_quantity", .described("Fewest per order; default 1."))
        .with("max_quantity", .range(CheckoutDraft.quantity))
        .with("max_quantity", .described("Most per order; default 10."))

    static let ticketTypeDraft = ticketTypeFields.forRequests

    static let ticketTypeChanges = ticketTypeFields.forMergePatch("TicketTypeChanges")
        .adding("status", .object(.choice([TicketTypeStatus.active, .disabled].map(\.rawValue))))

    static let checkoutDraft = Schema("CheckoutDraft", describing: CheckoutDraft.example)
        .with("items", .count(CheckoutDraft.itemCount)).with("items[].quantity", .range(CheckoutDraft.quantity))
        .with("buyer.email", .emailAddress).with("buyer.given_name", .line())
        .with("buyer.family_name", .prose(200))
        .with("attendees[].email", .emailAddress).with("attendees[].given_name", .line())
        .with("attendees[].family_name", .prose(200))
        .with("attendees", .described("At most as many as tickets."))
        .with("payment", .described("Pay as soon as the tickets are held."))
        .with("payment.provider", .line(PaymentInstrument.textLength))
        .with("payment.token", .line(PaymentInstrument.textLength)).forRequests

    static let paymentInstrument = Schema("PaymentInstrument", describing: PaymentInstrument.example)
        .with("provider", .line(PaymentInstrument.textLength)).with("token", .line(PaymentInstrument.textLength))
        .with("token", .described("The provider's one-time token. Never card data.")).forRequests

    static let refundDraft = Schema("RefundDraft", describing: RefundDraft.example)
        .with("reason", .text(RefundDraft.reasonLength)).with("reason", .described("For the buyer and the books."))
        .with("ticket_ids", .count(RefundDraft.ticketCount)).with("ticket_ids", ["uniqueItems": .bool(true)])
        .with("ticket_ids", .described("Refund these, at what was paid for each."))
        .with("amount_cents", ["minimum": .integer(1)])
        .with(
            "amount_cents",
            .described("Refund this amount, in minor units; the tickets stay valid. Not together with `ticket_ids`.")
        )
        .with("overrides_policy", .described("Refund although the event's policy does not grant it; default false."))
        .forRequests

    static let cancellationDraft = Schema("CancellationDraft", describing: CancellationDraft.example)
        .with("reason", .text(CancellationDraft.reasonLength)).with("reason", .described("For the attendees."))
        .forRequests

    static let scanDraft = Schema("ScanDraft", describing: ScanDraft.example)
        .with("id", .described("Made by the scanner: repeating it repeats the answer."))
        .with("code", ["minLength": .integer(1), "maxLength": .integer(512)])
        .with("scanned_at", .described("When the scanner read it; default now.")).forRequests

    private static let webhookEventTypes: [String: JSONValue] = [
        "minItems": .integer(1), "maxItems": .integer(WebhookEventType.allCases.count), "uniqueItems": .bool(true),
    ]

    static let webhookEndpointDraft = Schema("WebhookEndpointDraft", describing: WebhookEndpointDraft.example)
        .with("url", .line(1...2000)).with("event_types", webhookEventTypes).forRequests

    static let webhookSecretRotationDraft = Schema(
        "WebhookSecretRotationDraft", describing: WebhookSecretRotationDraft.example
    )
    .with("old_secret_expires_in_seconds", .range(WebhookSecretRotationDraft.overlaps))
    .with(
        "old_secret_expires_in_seconds",
        .described(
            "How long deliveries carry the old secret's signature too; default "
                + "\(WebhookSecretRotationDraft.defaultOverlap).")
    ).forRequests

    static let webhookRetryDraft = Schema("WebhookRetryDraft", describing: WebhookRetryDraft.example)
        .with("from", .described("Deliveries that began at this time or later."))
        .with("until", .described("And before this time; default now."))
        .with("statuses", .count(1...WebhookRetryDraft.endedStatuses.count))
        .with("statuses", .described("Those that ended in one of these ways; default `failed` and `exhausted`."))
        .with("statuses[]", .choice(WebhookRetryDraft.endedStatuses.map(\.rawValue)))
        .with("cursor", .described("The `next_cursor` of an earlier answer, to go on where it stopped.")).forRequests

    static let webhookEndpointChanges = Schema("WebhookEndpointChanges", describing: WebhookEndpointChanges.example)
        .with("url", .line(1...2000)).with("event_types", webhookEventTypes).forMergePatch("WebhookEndpointChanges")
}
