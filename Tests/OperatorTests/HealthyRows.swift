@testable import Operator

/// The rows of a healthy installation: two organisations, and journeys of the first one that ended in all possible ways, or
/// have not ended. Values are SQL.
enum HealthyRows {
    static let organization = id(1)
    static let otherOrganization = id(2)
    static let key = id(0x1A)
    static let event = id(0x1E)
    static let otherEvent = id(0x2E)
    static let occurrence = id(0x1C)
    static let otherOccurrence = id(0x2C)
    static let type = id(0x1D)
    static let otherType = id(0x2D)
    static let attendee = id(0xA1)

    // Sold, and one of its two tickets admitted.
    static let soldOrder = id(0x101), soldCheckout = id(0x201), soldCharge = id(0x301)
    static let admittedTicket = id(0x401), soldTicket = id(0x402)
    // Held and expired after a payment that failed.
    static let expiredOrder = id(0x102), expiredCheckout = id(0x202), failedCharge = id(0x302)
    static let expiredTicket = id(0x403)
    // Canceled before it was held.
    static let canceledOrder = id(0x103), canceledCheckout = id(0x203)
    // Held, waiting for its buyer.
    static let waitingOrder = id(0x104), waitingCheckout = id(0x204)
    static let waitingTicket = id(0x404)
    // Held, waiting for its provider.
    static let payingOrder = id(0x105), payingCheckout = id(0x205), pendingCharge = id(0x305)
    static let payingTicket = id(0x405)

    static let captureEntry = id(0x501)
    static let clearing = id(0x601), payable = id(0x602), fees = id(0x603)
    static let scan = id(0x701), otherScan = id(0x702)
    static let mail = id(0xD01)
    static let endpoint = id(0xE01), deliveredWebhook = id(0xE11), pendingWebhook = id(0xE12)

    /// Long ago: every service has heard of it.
    static let longAgo = "now() - interval '1 day'"

    static func id(_ number: Int) -> String {
        "'01900000-0000-7000-8000-\(String(repeating: "0", count: 12 - hex(number).count))\(hex(number))'"
    }

    private static func hex(_ number: Int) -> String { String(number, radix: 16) }

    static func statements(_ database: OperatorEnvironment.Database) -> [String] {
        switch database {
        case .gateway: gateway
        case .ticketing: ticketing + refundsInTicketing
        case .payments: payments + refundsInPayments
        case .sandboxProvider: sandbox + refundsInSandbox
        case .scanning: scanning + refundsInScanning
        case .notifications: notifications + refundsInNotifications
        case .analytics: analytics + refundsInAnalytics
        // The history is of all checkouts.
        case .coordinator: checkouts + refundsInCoordinator + checkoutHistory
        }
    }

    private static let gateway = [
        """
        INSERT INTO organizations (id, name, slug, status, plan, version, created_at, updated_at)
        VALUES (\(organization), 'One', 'one', 'active', 'free', 1, \(longAgo), \(longAgo)),
               (\(otherOrganization), 'Two', 'two', 'suspended', 'free', 2, \(longAgo), \(longAgo))
        """,
        """
        INSERT INTO api_keys (id, organization_id, name, prefix, key_hash, scopes, created_at)
        VALUES (\(key), \(organization), 'Demo', 'vge_abcdefgh', sha256('key'), '{events:read}', \(longAgo))
        """,
        """
        INSERT INTO rate_limit_rules (api_key_id, organization_id, requests_per_second, created_at)
        VALUES (\(key), \(organization), 10, \(longAgo))
        """,
        """
        INSERT INTO api_request_log
            (id, organization_id, api_key_id, method, route, status, trace_id, duration_microseconds, requested_at)
        VALUES (\(id(0x801)), \(organization), \(key), 'GET', '/v1/events', 200, 'trace', 5, \(longAgo)),
               (\(id(0x802)), NULL, NULL, 'POST', '/v1/organizations', 201, 'trace', 5, \(longAgo))
        """,
    ]

    private static let ticketing = [
        """
        INSERT INTO organizations (id, name, slug, status, plan, version)
        VALUES (\(organization), 'One', 'one', 'active', 'free', 1),
               (\(otherOrganization), 'Two', 'two', 'suspended', 'free', 2)
        """,
        """
        INSERT INTO event_definitions
            (id, organization_id, name, slug, category, event_type, venue_type, max_capacity, status, created_at,
            updated_at, version)
        SELECT id, organization_id, 'Event', 'event-' || name, 'other', 'one_time', 'on_property', 100, 'active',
            \(longAgo), \(longAgo), 1
        FROM (VALUES (\(event)::uuid, \(organization)::uuid, 'one'),
                     (\(otherEvent)::uuid, \(organization)::uuid, 'two')) AS event (id, organization_id, name)
        """,
        """
        INSERT INTO event_occurrences
            (id, organization_id, event_definition_id, start_at, end_at, timezone, admission_opens_at, status,
            public_key, created_at, updated_at, version, announced_version)
        SELECT id, \(organization), event_id, \(longAgo), now() + interval '9 days', 'Africa/Johannesburg', \(longAgo),
            'in_progress', sha256('key'), \(longAgo), \(longAgo), 1, 1
        FROM (VALUES (\(occurrence)::uuid, \(event)::uuid), (\(otherOccurrence)::uuid, \(otherEvent)::uuid))
            AS occurrence (id, event_id)
        """,
        """
        INSERT INTO ticket_types
            (id, organization_id, event_definition_id, name, tier, price_cents, currency, quantity_available, status,
            created_at, updated_at, version)
        SELECT id, \(organization), event_id, 'General', 'general', 25000, 'ZAR', 50, 'active', \(longAgo),
            \(longAgo), 1
        FROM (VALUES (\(type)::uuid, \(event)::uuid), (\(otherType)::uuid, \(otherEvent)::uuid)) AS type (id, event_id)
        """,
        """
        INSERT INTO inventory_pools (id, organization_id, occurrence_id, ticket_type_id, capacity, reserved, sold)
        VALUES (\(id(0x901)), \(organization), \(occurrence), NULL, 100, 2, 2),
               (\(id(0x902)), \(organization), \(occurrence), \(type), 50, 2, 2),
               (\(id(0x903)), \(organization), \(otherOccurrence), NULL, 100, 0, 0),
               (\(id(0x904)), \(organization), \(otherOccurrence), \(otherType), 50, 0, 0)
        """,
        """
        INSERT INTO orders
            (id, organization_id, checkout_id, event_occurrence_id, status, was_held, total_cents, currency,
            buyer_email, buyer_given_name, charge_id, expires_at, completed_at, created_at, updated_at)
        VALUES
            (\(soldOrder), \(organization), \(soldCheckout), \(occurrence), 'completed', true, 50000, 'ZAR', 'a@b.c',
            'A', \(soldCharge), \(longAgo), \(longAgo), \(longAgo), \(longAgo)),
            (\(expiredOrder), \(organization), \(expiredCheckout), \(occurrence), 'expired', true, 25000, 'ZAR',
            'a@b.c', 'A', NULL, \(longAgo), NULL, \(longAgo), \(longAgo)),
            (\(canceledOrder), \(organization), \(canceledCheckout), \(occurrence), 'canceled', false, 0, NULL, NULL,
            NULL, NULL, NULL, NULL, \(longAgo), \(longAgo)),
            (\(waitingOrder), \(organization), \(waitingCheckout), \(occurrence), 'reserved', true, 25000, 'ZAR',
            'a@b.c', 'A', NULL, now() + interval '9 minutes', NULL, now(), now()),
            (\(payingOrder), \(organization), \(payingCheckout), \(occurrence), 'reserved', true, 25000, 'ZAR',
            'a@b.c', 'A', NULL, now() + interval '9 minutes', NULL, now(), now())
        """,
        """
        INSERT INTO order_items
            (order_id, ticket_type_id, organization_id, position, name, quantity, unit_price_cents, total_cents)
        VALUES (\(soldOrder), \(type), \(organization), 0, 'General', 2, 25000, 50000),
               (\(expiredOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000),
               (\(waitingOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000),
               (\(payingOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000)
        """,
        """
        INSERT INTO attendees (id, organization_id, email, given_name, created_at, updated_at)
        VALUES (\(attendee), \(organization), 'a@b.c', 'A', \(longAgo), \(longAgo))
        """,
        """
        INSERT INTO tickets
            (id, organization_id, order_id, position, event_occurrence_id, ticket_type_id, attendee_id,
            confirmation_code, qr_code_data, code_revision, price_paid_cents, currency, status, reserved_at,
                confirmed_at, checked_in_at,
            created_at, updated_at)
        SELECT ticket.id, \(organization), order_id, position, \(occurrence), \(type), \(attendee),
            'code-' || ticket.id,
            CASE WHEN is_sold THEN 'qr-' || ticket.id END, is_sold::integer, 25000, 'ZAR', status, \(longAgo),
            CASE WHEN is_sold THEN \(longAgo) END, CASE status WHEN 'checked_in' THEN \(longAgo) END, \(longAgo),
            \(longAgo)
        FROM (VALUES (\(admittedTicket)::uuid, \(soldOrder)::uuid, 0, 'checked_in', true),
                     (\(soldTicket)::uuid, \(soldOrder)::uuid, 1, 'confirmed', true),
                     (\(expiredTicket)::uuid, \(expiredOrder)::uuid, 0, 'expired', false),
                     (\(waitingTicket)::uuid, \(waitingOrder)::uuid, 0, 'reserved', false),
                     (\(payingTicket)::uuid, \(payingOrder)::uuid, 0, 'reserved', false))
            AS ticket (id, order_id, position, status, is_sold)
        """,
    ]

    private static let payments = [
        """
        INSERT INTO transactions
            (id, organization_id, checkout_id, order_id, amount_cents, currency, provider, token, hold_expires_at,
            status, provider_reference, failure_reason, captured_at, created_at, updated_at)
        VALUES
            (\(soldCharge), \(organization), \(soldCheckout), \(soldOrder), 50000, 'ZAR', 'sandbox', NULL, \(longAgo),
            'succeeded', 'sbx_1', NULL, \(longAgo), \(longAgo), \(longAgo)),
            (\(failedCharge), \(organization), \(expiredCheckout), \(expiredOrder), 25000, 'ZAR', 'sandbox', NULL,
            \(longAgo), 'failed', 'sbx_2', 'declined', NULL, \(longAgo), \(longAgo)),
            (\(pendingCharge), \(organization), \(payingCheckout), \(payingOrder), 25000, 'ZAR', 'sandbox', 'tok_async',
            now() + interval '9 minutes', 'pending', 'sbx_3', NULL, NULL, now(), now())
        """,
        """
        INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
        VALUES (\(id(0xB01)), 'charge-status',
            jsonb_build_object('provider', 'sandbox', 'chargeID', upper(\(pendingCharge)), 'round', 1), '{}',
            now() + interval '1 minute', now())
        """,
        """
        INSERT INTO ledger_accounts (id, organization_id, kind, currency, created_at)
        VALUES (\(clearing), \(organization), 'provider_clearing', 'ZAR', \(longAgo)),
               (\(payable), \(organization), 'organizer_payable', 'ZAR', \(longAgo)),
               (\(fees), \(organization), 'platform_fees', 'ZAR', \(longAgo))
        """,
        """
        INSERT INTO journal_entries (id, organization_id, order_id, charge_id, kind, description, recorded_at)
        VALUES (\(captureEntry), \(organization), \(soldOrder), \(soldCharge), 'charge_captured', 'captured',
            \(longAgo))
        """,
        """
        INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
        VALUES (\(organization), \(captureEntry), 1, \(clearing), 50000, 'ZAR'),
               (\(organization), \(captureEntry), 2, \(payable), -48000, 'ZAR'),
               (\(organization), \(captureEntry), 3, \(fees), -2000, 'ZAR')
        """,
    ]

    private static let sandbox = [
        """
        INSERT INTO charges (idempotency_key, amount_cents, currency, token, reference, calls, outcome, settles_at,
            created_at)
        VALUES (\(soldCharge), 50000, 'ZAR', 'tok_ok', 'sbx_1', 1, 'captured', \(longAgo), \(longAgo)),
               (\(failedCharge), 25000, 'ZAR', 'tok_declined', 'sbx_2', 1, 'declined', \(longAgo), \(longAgo))
        """,
        """
        INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
        VALUES (\(soldCharge), 'sbx_1', 50000, 'ZAR', \(longAgo))
        """,
    ]

    private static let scanning = [
        """
        INSERT INTO occurrences
            (id, organization_id, start_at, end_at, admission_opens_at, status, event_status, public_key, version)
        VALUES (\(occurrence), \(organization), \(longAgo), now() + interval '9 days', \(longAgo), 'in_progress',
            'active', sha256('key'), 1)
        """,
        """
        INSERT INTO tickets
            (id, organization_id, occurrence_id, order_id, ticket_type_id, revision, movements, first_admitted_at)
        VALUES (\(admittedTicket), \(organization), \(occurrence), \(soldOrder), \(type), 1, 1, \(longAgo)),
               (\(soldTicket), \(organization), \(occurrence), \(soldOrder), \(type), 1, 0, NULL)
        """,
        """
        INSERT INTO scans
            (organization_id, id, occurrence_id, ticket_id, direction, result, scanned_at, received_at, code_hash,
            answer)
        VALUES
            (\(organization), \(scan), \(occurrence), \(admittedTicket), 'in', 'admitted', \(longAgo), \(longAgo),
            sha256('code'), jsonb_build_object('id', \(scan), 'result', 'admitted', 'ticket',
            jsonb_build_object('id', \(admittedTicket)))),
            (\(organization), \(otherScan), \(occurrence), NULL, 'in', 'unknown_code', \(longAgo), \(longAgo),
            sha256('other'), jsonb_build_object('id', \(otherScan), 'result', 'unknown_code'))
        """,
        """
        INSERT INTO in_out_events (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
        VALUES (\(admittedTicket), 1, \(organization), 'in', \(scan), \(longAgo))
        """,
    ]

    private static let notifications = [
        """
        INSERT INTO notifications
            (id, organization_id, kind, channel, recipient, status, attempt_count, created_at, completed_at)
        VALUES (\(mail), \(organization), 'tickets', 'email', 'a@b.c', 'sent', 1, \(longAgo), \(longAgo))
        """,
        """
        INSERT INTO delivery_attempts (organization_id, notification_id, number, outcome, attempted_at,
            duration_milliseconds)
        VALUES (\(organization), \(mail), 1, 'sent', \(longAgo), 5)
        """,
        """
        INSERT INTO ticket_deliveries (order_id, organization_id, notification_id, document, completed_at)
        VALUES (\(soldOrder), \(organization), \(mail), '{}', \(longAgo))
        """,
        """
        INSERT INTO ticket_delivery_items (ticket_id, organization_id, order_id)
        VALUES (\(admittedTicket), \(organization), \(soldOrder)), (\(soldTicket), \(organization), \(soldOrder))
        """,
        """
        INSERT INTO webhook_endpoints
            (id, organization_id, slot, url, event_types, status, secret, secret_created_at, created_at, updated_at,
            last_sequence)
        VALUES (\(endpoint), \(organization), 1, 'https://example.org/',
            '{order.completed,ticket.issued,refund.completed}', 'enabled', 'whsec_' || repeat('A', 43) || '=',
            \(longAgo), \(longAgo), \(longAgo), 4)
        """,
        """
        INSERT INTO webhook_events (id, organization_id, type, object_id, source_message_id, payload, created_at)
        VALUES (\(id(0xE21)), \(organization), 'order.completed', \(soldOrder), \(id(0xE31)), '{}', \(longAgo)),
               (\(id(0xE22)), \(organization), 'ticket.issued', \(soldTicket), \(id(0xE31)), '{}', \(longAgo))
        """,
        """
        INSERT INTO webhook_delivery_logs
            (id, organization_id, event_id, endpoint_id, sequence, status, serial, attempt_count, next_attempt_at,
            created_at, updated_at)
        VALUES (\(deliveredWebhook), \(organization), \(id(0xE21)), \(endpoint), 1, 'delivered', 1, 1, NULL,
                \(longAgo), \(longAgo)),
               (\(pendingWebhook), \(organization), \(id(0xE22)), \(endpoint), 2, 'pending', 2, 1,
               now() + interval '1 hour',
                \(longAgo), \(longAgo))
        """,
        """
        INSERT INTO webhook_attempts (delivery_id, number, organization_id, attempted_at, status_code,
            duration_milliseconds)
        VALUES (\(deliveredWebhook), 1, \(organization), \(longAgo), 200, 5),
               (\(pendingWebhook), 1, \(organization), \(longAgo), 500, 5)
        """,
        """
        INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
        VALUES (\(id(0xB02)), 'deliver-webhook',
            jsonb_build_object('delivery_id', \(pendingWebhook), 'endpoint_id', \(endpoint), 'serial', 2, 'deferrals',
            0),
            '{}', now() + interval '1 hour', \(longAgo))
        """,
    ]

    private static let analytics = [
        """
        INSERT INTO sales
            (ticket_id, organization_id, order_id, occurrence_id, ticket_type_id, price_cents, currency, sold_at)
        VALUES (\(admittedTicket), \(organization), \(soldOrder), \(occurrence), \(type), 25000, 'ZAR', \(longAgo)),
               (\(soldTicket), \(organization), \(soldOrder), \(occurrence), \(type), 25000, 'ZAR', \(longAgo))
        """,
        """
        INSERT INTO admissions (ticket_id, organization_id, occurrence_id, ticket_type_id, scan_id, admitted_at)
        VALUES (\(admittedTicket), \(organization), \(occurrence), \(type), \(scan), \(longAgo))
        """,
        """
        INSERT INTO occurrence_reports (occurrence_id, organization_id, tickets_sold, checked_in)
        VALUES (\(occurrence), \(organization), 2, 1)
        """,
        """
        INSERT INTO occurrence_type_reports
            (occurrence_id, ticket_type_id, organization_id, name, tickets_sold, checked_in)
        VALUES (\(occurrence), \(type), \(organization), 'General', 2, 1)
        """,
        """
        INSERT INTO occurrence_revenues (occurrence_id, ticket_type_id, currency, organization_id, revenue_cents)
        VALUES (\(occurrence), \(type), 'ZAR', \(organization), 50000)
        """,
    ]

    private static let checkouts = [
        """
        INSERT INTO checkouts
            (id, organization_id, occurrence_id, order_id, state, charge_id, saga, version, created_at, updated_at)
        SELECT id, \(organization), \(occurrence), order_id, state, charge_id,
            jsonb_build_object('state', state, 'version', 2, 'historyLength', 2, 'orderID', order_id), 2, \(longAgo),
            CASE WHEN state IN ('awaiting_payment', 'paying') THEN now() ELSE \(longAgo) END
        FROM (VALUES (\(soldCheckout)::uuid, \(soldOrder)::uuid, 'completed', \(soldCharge)::uuid),
                     (\(expiredCheckout)::uuid, \(expiredOrder)::uuid, 'expired', \(failedCharge)::uuid),
                     (\(canceledCheckout)::uuid, \(canceledOrder)::uuid, 'canceled', NULL),
                     (\(waitingCheckout)::uuid, \(waitingOrder)::uuid, 'awaiting_payment', NULL),
                     (\(payingCheckout)::uuid, \(payingOrder)::uuid, 'paying', \(pendingCharge)::uuid))
            AS checkout (id, order_id, state, charge_id)
        """
    ]

    private static let checkoutHistory = [
        """
        INSERT INTO checkout_history (checkout_id, sequence, organization_id, at, state, message, outcome, facts)
        SELECT id, 1, organization_id, created_at, 'holding', 'coordinator.start-checkout.v1', 'changed',
            '{}'::jsonb FROM checkouts
        UNION ALL
        SELECT id, 2, organization_id, updated_at, state, 'some.message.v1', 'changed', '{}' FROM checkouts
        """,
        """
        INSERT INTO checkout_timers (checkout_id, kind, organization_id, due_at)
        SELECT id, 'hold_end', organization_id, now() + interval '9 minutes' FROM checkouts
        WHERE state IN ('awaiting_payment', 'paying')
        """,
    ]
}
