@testable import Operator

/// Journeys whose money went back, or is on its way: of one of two tickets; of a payment that bought nothing; of a canceled
/// occurrence; of a refund that the provider has not decided, and of one that it refused.
extension HealthyRows {
    static let canceledOccurrence = id(0x3C)

    // Two tickets, one of them refunded; the refund of the other one failed.
    static let partOrder = id(0x106), partCheckout = id(0x206), partCharge = id(0x306)
    static let refundedTicket = id(0x406), keptTicket = id(0x407)
    static let refund = id(0xF06), failedRefund = id(0xF0A)
    // Paid after the hold's end, and refunded under the charge's own id.
    static let uselessOrder = id(0x107), uselessCheckout = id(0x207), uselessCharge = id(0x307)
    static let uselessTicket = id(0x408)
    // Of the canceled occurrence, and refunded under the order's own id.
    static let undoneOrder = id(0x108), undoneCheckout = id(0x208), undoneCharge = id(0x308)
    static let undoneTicket = id(0x409)
    // Its refund waits for the provider.
    static let returningOrder = id(0x109), returningCheckout = id(0x209), returningCharge = id(0x309)
    static let returningTicket = id(0x40A)
    static let pendingRefund = id(0xF09)

    static let refundEntry = id(0x526)
    static let owed = id(0x604)
    static let letter = id(0xD02)

    /// Long ago as well, and after everything else.
    static let lately = "now() - interval '12 hours'"

    static let refundsInTicketing = [
        """
        INSERT INTO event_occurrences
            (id, organization_id, event_definition_id, start_at, end_at, timezone, admission_opens_at, status,
            cancellation_reason, canceled_at, public_key, created_at, updated_at, version, announced_version)
        VALUES (\(canceledOccurrence), \(organization), \(event), now() + interval '7 days', now() + interval '8 days',
            'Africa/Johannesburg', now() + interval '7 days', 'canceled', 'Storm', now() - interval '13 hours',
            sha256('key'), \(longAgo), \(lately), 2, 2)
        """,
        """
        INSERT INTO inventory_pools (id, organization_id, occurrence_id, ticket_type_id, capacity, reserved, sold)
        VALUES (\(id(0x905)), \(organization), \(canceledOccurrence), NULL, 100, 0, 0),
               (\(id(0x906)), \(organization), \(canceledOccurrence), \(type), 50, 0, 0)
        """,
        "UPDATE inventory_pools SET sold = sold + 2 WHERE occurrence_id = \(occurrence)",
        """
        INSERT INTO orders
            (id, organization_id, checkout_id, event_occurrence_id, status, was_held, total_cents, refunded_cents,
            refunding_cents, refund_version, currency, buyer_email, buyer_given_name, charge_id, expires_at,
            completed_at, created_at, updated_at)
        SELECT id, \(organization), checkout_id, occurrence_id, status, true, total, refunded, refunding, version, 'ZAR',
            'a@b.c', 'A', charge_id, \(longAgo), CASE WHEN charge_id IS NOT NULL THEN \(longAgo) END, \(longAgo),
            \(lately)
        FROM (VALUES
            (\(partOrder)::uuid, \(partCheckout)::uuid, \(occurrence)::uuid, 'partially_refunded', 50000, 25000, 0, 4,
                \(partCharge)::uuid),
            (\(uselessOrder)::uuid, \(uselessCheckout)::uuid, \(occurrence)::uuid, 'expired', 25000, 0, 0, 0, NULL),
            (\(undoneOrder)::uuid, \(undoneCheckout)::uuid, \(canceledOccurrence)::uuid, 'refunded', 25000, 25000, 0, 2,
                \(undoneCharge)::uuid),
            (\(returningOrder)::uuid, \(returningCheckout)::uuid, \(occurrence)::uuid, 'completed', 25000, 0, 25000, 1,
                \(returningCharge)::uuid))
            AS item (id, checkout_id, occurrence_id, status, total, refunded, refunding, version, charge_id)
        """,
        """
        INSERT INTO order_items
            (order_id, ticket_type_id, organization_id, position, name, quantity, unit_price_cents, total_cents)
        VALUES (\(partOrder), \(type), \(organization), 0, 'General', 2, 25000, 50000),
               (\(uselessOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000),
               (\(undoneOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000),
               (\(returningOrder), \(type), \(organization), 0, 'General', 1, 25000, 25000)
        """,
        """
        INSERT INTO order_refunds
            (id, organization_id, order_id, status, cause, reason, amount_cents, currency, ticket_ids,
            prepared_version, ended_version, prepared_at, ended_at, order_status, order_refunded_cents)
        SELECT id, \(organization), order_id, status, cause, 'Illness', 25000, 'ZAR', ARRAY[ticket_id], prepared, ended,
            \(lately), CASE WHEN ended IS NOT NULL THEN \(lately) END, order_status,
            CASE WHEN order_status IS NOT NULL THEN 25000 END
        FROM (VALUES
            (\(refund)::uuid, \(partOrder)::uuid, 'completed', 'requested', \(refundedTicket)::uuid, 1, 2,
                'partially_refunded'),
            (\(failedRefund)::uuid, \(partOrder)::uuid, 'abandoned', 'requested', \(keptTicket)::uuid, 3, 4, NULL),
            (\(undoneOrder)::uuid, \(undoneOrder)::uuid, 'completed', 'occurrence_canceled', \(undoneTicket)::uuid, 1,
                2, 'refunded'),
            (\(pendingRefund)::uuid, \(returningOrder)::uuid, 'pending', 'requested', \(returningTicket)::uuid, 1, NULL,
                NULL))
            AS refund (id, order_id, status, cause, ticket_id, prepared, ended, order_status)
        """,
        """
        INSERT INTO tickets
            (id, organization_id, order_id, position, event_occurrence_id, ticket_type_id, attendee_id,
            confirmation_code, qr_code_data, code_revision, price_paid_cents, currency, status, reserved_at,
            confirmed_at, refund_id, refund_amount_cents, created_at, updated_at)
        SELECT ticket.id, \(organization), order_id, position, occurrence_id, \(type), \(attendee), 'code-' || ticket.id,
            CASE WHEN status <> 'expired' THEN 'qr-' || ticket.id END, (status <> 'expired')::integer, 25000, 'ZAR',
            status, \(longAgo), CASE WHEN status <> 'expired' THEN \(longAgo) END, refund_id,
            CASE status WHEN 'refunded' THEN 25000 ELSE 0 END, \(longAgo), \(lately)
        FROM (VALUES
            (\(refundedTicket)::uuid, \(partOrder)::uuid, 0, \(occurrence)::uuid, 'refunded', \(refund)::uuid),
            (\(keptTicket)::uuid, \(partOrder)::uuid, 1, \(occurrence)::uuid, 'confirmed', NULL),
            (\(uselessTicket)::uuid, \(uselessOrder)::uuid, 0, \(occurrence)::uuid, 'expired', NULL),
            (\(undoneTicket)::uuid, \(undoneOrder)::uuid, 0, \(canceledOccurrence)::uuid, 'refunded',
                \(undoneOrder)::uuid),
            (\(returningTicket)::uuid, \(returningOrder)::uuid, 0, \(occurrence)::uuid, 'confirmed',
                \(pendingRefund)::uuid))
            AS ticket (id, order_id, position, occurrence_id, status, refund_id)
        """,
    ]

    static let refundsInPayments = [
        """
        INSERT INTO transactions
            (id, organization_id, checkout_id, order_id, amount_cents, currency, provider, hold_expires_at, status,
            provider_reference, anomaly, captured_at, refunding_cents, refunded_cents, created_at, updated_at)
        SELECT id, \(organization), checkout_id, order_id, cents, 'ZAR', 'sandbox', \(longAgo), 'succeeded',
            'sbx_' || id, anomaly, \(longAgo), refunding, refunded, \(longAgo), \(lately)
        FROM (VALUES
            (\(partCharge)::uuid, \(partCheckout)::uuid, \(partOrder)::uuid, 50000, NULL, 0, 25000),
            (\(uselessCharge)::uuid, \(uselessCheckout)::uuid, \(uselessOrder)::uuid, 25000, 'captured_after_failure', 0,
                25000),
            (\(undoneCharge)::uuid, \(undoneCheckout)::uuid, \(undoneOrder)::uuid, 25000, NULL, 0, 25000),
            (\(returningCharge)::uuid, \(returningCheckout)::uuid, \(returningOrder)::uuid, 25000, NULL, 25000, 0))
            AS charge (id, checkout_id, order_id, cents, anomaly, refunding, refunded)
        """,
        """
        INSERT INTO refunds
            (id, organization_id, charge_id, checkout_id, order_id, amount_cents, currency, purpose, provider,
            returned_fee_cents, status, provider_reference, failure_reason, refunded_at, created_at, updated_at)
        SELECT refund.id, \(organization), charge.id, charge.checkout_id, charge.order_id, 25000, 'ZAR', purpose,
            'sandbox', fee, refund.status, 'ref_' || refund.id, reason,
            CASE refund.status WHEN 'succeeded' THEN \(lately) END, \(lately), \(lately)
        FROM (VALUES
            (\(refund)::uuid, \(partCharge)::uuid, 'order', NULL, 'succeeded', NULL),
            (\(failedRefund)::uuid, \(partCharge)::uuid, 'order', NULL, 'failed', 'provider_refused'),
            (\(uselessCharge)::uuid, \(uselessCharge)::uuid, 'useless_capture', 1000, 'succeeded', NULL),
            (\(undoneOrder)::uuid, \(undoneCharge)::uuid, 'order', NULL, 'succeeded', NULL),
            (\(pendingRefund)::uuid, \(returningCharge)::uuid, 'order', NULL, 'pending', NULL))
            AS refund (id, charge_id, purpose, fee, status, reason)
        JOIN transactions AS charge ON charge.id = refund.charge_id
        """,
        """
        INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
        VALUES (\(id(0xB03)), 'refund-status',
            jsonb_build_object('provider', 'sandbox', 'refundID', upper(\(pendingRefund)), 'round', 1), '{}',
            now() + interval '1 minute', now())
        """,
        """
        INSERT INTO ledger_accounts (id, organization_id, kind, currency, created_at)
        VALUES (\(owed), \(organization), 'refunds_clearing', 'ZAR', \(longAgo))
        """,
        """
        INSERT INTO journal_entries
            (id, organization_id, order_id, charge_id, refund_id, kind, description, recorded_at)
        SELECT entry.id, \(organization), charge.order_id, charge.id, refund_id, kind, kind, \(lately)
        FROM (VALUES
            (\(id(0x506))::uuid, \(partCharge)::uuid, NULL::uuid, 'charge_captured'),
            (\(id(0x516))::uuid, \(partCharge)::uuid, \(refund)::uuid, 'refund_accepted'),
            (\(refundEntry)::uuid, \(partCharge)::uuid, \(refund)::uuid, 'refund'),
            (\(id(0x51A))::uuid, \(partCharge)::uuid, \(failedRefund)::uuid, 'refund_accepted'),
            (\(id(0x52A))::uuid, \(partCharge)::uuid, \(failedRefund)::uuid, 'correction'),
            (\(id(0x507))::uuid, \(uselessCharge)::uuid, NULL::uuid, 'charge_captured'),
            (\(id(0x517))::uuid, \(uselessCharge)::uuid, \(uselessCharge)::uuid, 'refund_accepted'),
            (\(id(0x527))::uuid, \(uselessCharge)::uuid, \(uselessCharge)::uuid, 'refund'),
            (\(id(0x508))::uuid, \(undoneCharge)::uuid, NULL::uuid, 'charge_captured'),
            (\(id(0x518))::uuid, \(undoneCharge)::uuid, \(undoneOrder)::uuid, 'refund_accepted'),
            (\(id(0x528))::uuid, \(undoneCharge)::uuid, \(undoneOrder)::uuid, 'refund'),
            (\(id(0x509))::uuid, \(returningCharge)::uuid, NULL::uuid, 'charge_captured'),
            (\(id(0x519))::uuid, \(returningCharge)::uuid, \(pendingRefund)::uuid, 'refund_accepted'))
            AS entry (id, charge_id, refund_id, kind)
        JOIN transactions AS charge ON charge.id = entry.charge_id
        """,
        """
        INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
        SELECT \(organization), entry.id, line.position, line.account_id, line.share * charge.amount_cents, 'ZAR'
        FROM journal_entries AS entry
        JOIN transactions AS charge ON charge.id = entry.charge_id AND charge.id <> \(soldCharge)
        JOIN (VALUES ('charge_captured', 1, \(clearing)::uuid, 1), ('charge_captured', 2, \(payable)::uuid, -1))
            AS line (kind, position, account_id, share) ON line.kind = entry.kind
        """,
        """
        INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
        SELECT \(organization), entry.id, line.position, line.account_id, line.cents, 'ZAR'
        FROM journal_entries AS entry
        JOIN (VALUES ('refund_accepted', 1, \(payable)::uuid, 25000), ('refund_accepted', 2, \(owed)::uuid, -25000),
                     ('refund', 1, \(owed)::uuid, 25000), ('refund', 2, \(clearing)::uuid, -25000),
                     ('correction', 1, \(owed)::uuid, 25000), ('correction', 2, \(payable)::uuid, -25000))
            AS line (kind, position, account_id, cents) ON line.kind = entry.kind
        """,
        // Money that bought nothing takes the platform's fee with it.
        "UPDATE journal_lines SET amount_cents = 24000 WHERE entry_id = \(id(0x517)) AND position = 1",
        """
        INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
        VALUES (\(organization), \(id(0x517)), 3, \(fees), 1000, 'ZAR')
        """,
    ]

    static let refundsInSandbox = [
        """
        INSERT INTO charges (idempotency_key, amount_cents, currency, token, reference, calls, outcome, settles_at,
            created_at)
        SELECT id, cents, 'ZAR', 'tok_ok', 'sbx_' || id, 1, 'captured', \(longAgo), \(longAgo)
        FROM (VALUES (\(partCharge)::uuid, 50000), (\(uselessCharge)::uuid, 25000), (\(undoneCharge)::uuid, 25000),
                     (\(returningCharge)::uuid, 25000)) AS charge (id, cents)
        """,
        """
        INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
        SELECT idempotency_key, reference, amount_cents, currency, \(longAgo) FROM charges
        WHERE idempotency_key IN (\(partCharge), \(uselessCharge), \(undoneCharge), \(returningCharge))
        """,
        """
        INSERT INTO refund_orders
            (idempotency_key, charge_key, amount_cents, currency, reference, calls, outcome, settles_at, created_at)
        SELECT id, charge_id, 25000, 'ZAR', 'ref_' || id, 1, outcome, settles_at, \(lately)
        FROM (VALUES
            (\(refund)::uuid, \(partCharge)::uuid, 'refunded', \(lately)),
            (\(failedRefund)::uuid, \(partCharge)::uuid, 'refused', \(lately)),
            (\(uselessCharge)::uuid, \(uselessCharge)::uuid, 'refunded', \(lately)),
            (\(undoneOrder)::uuid, \(undoneCharge)::uuid, 'refunded', \(lately)),
            (\(pendingRefund)::uuid, \(returningCharge)::uuid, 'refunded', now() + interval '1 hour'))
            AS ordered (id, charge_id, outcome, settles_at)
        """,
        """
        INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
        SELECT idempotency_key, charge_key, reference, amount_cents, currency, settles_at FROM refund_orders
        WHERE outcome = 'refunded' AND settles_at < now()
        """,
    ]

    static let refundsInScanning = [
        """
        INSERT INTO tickets
            (id, organization_id, occurrence_id, order_id, ticket_type_id, revision, status, refund_version)
        VALUES (\(refundedTicket), \(organization), \(occurrence), \(partOrder), \(type), 1, 'revoked', 2),
               (\(keptTicket), \(organization), \(occurrence), \(partOrder), \(type), 1, 'valid', 4),
               (\(undoneTicket), \(organization), \(canceledOccurrence), \(undoneOrder), \(type), 1, 'revoked', 2),
               (\(returningTicket), \(organization), \(occurrence), \(returningOrder), \(type), 1, 'revoked', 1)
        """
    ]
}
