@testable import Operator

/// What is told of the journeys whose money went back, and who leads them.
extension HealthyRows {
    static let refundsInNotifications = [
        """
        INSERT INTO notifications
            (id, organization_id, kind, channel, recipient, status, attempt_count, object_id, letter, created_at,
            completed_at)
        SELECT id, \(organization), kind, 'email', 'a@b.c', status, attempts, object_id, letter, \(longAgo),
            CASE status WHEN 'pending' THEN NULL ELSE \(lately) END
        FROM (VALUES
            (\(id(0xD06))::uuid, 'tickets', 'sent', 1, NULL::uuid, NULL::jsonb),
            (\(id(0xD08))::uuid, 'tickets', 'sent', 1, NULL, NULL),
            (\(id(0xD09))::uuid, 'tickets', 'withdrawn', 0, NULL, NULL),
            (\(letter)::uuid, 'order_refunded', 'pending', 1, \(refund)::uuid, '{}'))
            AS notification (id, kind, status, attempts, object_id, letter)
        """,
        """
        INSERT INTO delivery_attempts (organization_id, notification_id, number, outcome, error, attempted_at,
            duration_milliseconds)
        VALUES (\(organization), \(id(0xD06)), 1, 'sent', NULL, \(longAgo), 5),
               (\(organization), \(id(0xD08)), 1, 'sent', NULL, \(longAgo), 5),
               (\(organization), \(letter), 1, 'postponed', 'busy', \(lately), 5)
        """,
        """
        INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
        VALUES (\(id(0xB04)), 'mail-letter', jsonb_build_object('notification_id', \(letter)), '{}',
            now() + interval '1 hour', \(lately))
        """,
        """
        INSERT INTO ticket_deliveries (order_id, organization_id, notification_id, document, completed_at)
        VALUES (\(partOrder), \(organization), \(id(0xD06)), '{}', \(longAgo)),
               (\(undoneOrder), \(organization), \(id(0xD08)), '{}', \(longAgo)),
               (\(returningOrder), \(organization), \(id(0xD09)), '{}', \(longAgo))
        """,
        """
        INSERT INTO ticket_delivery_items (ticket_id, organization_id, order_id)
        VALUES (\(refundedTicket), \(organization), \(partOrder)), (\(keptTicket), \(organization), \(partOrder)),
               (\(undoneTicket), \(organization), \(undoneOrder)),
               (\(returningTicket), \(organization), \(returningOrder))
        """,
        """
        INSERT INTO ticket_refunds (ticket_id, organization_id, order_id, order_version, state, updated_at)
        VALUES (\(refundedTicket), \(organization), \(partOrder), 2, 'refunded', \(lately)),
               (\(keptTicket), \(organization), \(partOrder), 4, 'given_back', \(lately)),
               (\(undoneTicket), \(organization), \(undoneOrder), 2, 'refunded', \(lately)),
               (\(returningTicket), \(organization), \(returningOrder), 1, 'taken_back', \(lately))
        """,
        """
        INSERT INTO webhook_events (id, organization_id, type, object_id, source_message_id, payload, created_at)
        VALUES (\(id(0xE26)), \(organization), 'refund.completed', \(refund), \(id(0xE36)), '{}', \(lately)),
               (\(id(0xE28)), \(organization), 'refund.completed', \(undoneOrder), \(id(0xE38)), '{}', \(lately))
        """,
        """
        INSERT INTO webhook_delivery_logs
            (id, organization_id, event_id, endpoint_id, sequence, status, serial, attempt_count, next_attempt_at,
            is_parked, parked_step, created_at, updated_at)
        VALUES (\(id(0xE16)), \(organization), \(id(0xE26)), \(endpoint), 3, 'delivered', 1, 1, NULL, false, NULL,
                \(lately), \(lately)),
               (\(id(0xE18)), \(organization), \(id(0xE28)), \(endpoint), 4, 'pending', 1, 0, \(lately), true, 1,
                \(lately), \(lately))
        """,
        """
        INSERT INTO webhook_attempts (delivery_id, number, organization_id, attempted_at, status_code,
            duration_milliseconds)
        VALUES (\(id(0xE16)), 1, \(organization), \(lately), 200, 5)
        """,
    ]

    static let refundsInAnalytics = [
        """
        INSERT INTO sales
            (ticket_id, organization_id, order_id, occurrence_id, ticket_type_id, price_cents, currency, sold_at)
        VALUES
            (\(refundedTicket), \(organization), \(partOrder), \(occurrence), \(type), 25000, 'ZAR', \(longAgo)),
            (\(keptTicket), \(organization), \(partOrder), \(occurrence), \(type), 25000, 'ZAR', \(longAgo)),
            (\(undoneTicket), \(organization), \(undoneOrder), \(canceledOccurrence), \(type), 25000, 'ZAR', \(longAgo)),
            (\(returningTicket), \(organization), \(returningOrder), \(occurrence), \(type), 25000, 'ZAR', \(longAgo))
        """,
        """
        INSERT INTO refunds
            (refund_id, organization_id, order_id, occurrence_id, amount_cents, currency, cause, refunded_at)
        VALUES
            (\(refund), \(organization), \(partOrder), \(occurrence), 25000, 'ZAR', 'requested', \(lately)),
            (\(undoneOrder), \(organization), \(undoneOrder), \(canceledOccurrence), 25000, 'ZAR',
                'occurrence_canceled', \(lately))
        """,
        """
        INSERT INTO ticket_refunds
            (ticket_id, refund_id, organization_id, occurrence_id, ticket_type_id, amount_cents, currency)
        VALUES
            (\(refundedTicket), \(refund), \(organization), \(occurrence), \(type), 25000, 'ZAR'),
            (\(undoneTicket), \(undoneOrder), \(organization), \(canceledOccurrence), \(type), 25000, 'ZAR')
        """,
        """
        UPDATE occurrence_reports SET tickets_sold = tickets_sold + 3, tickets_refunded = 1
        WHERE occurrence_id = \(occurrence)
        """,
        """
        INSERT INTO occurrence_reports (occurrence_id, organization_id, tickets_sold, tickets_refunded)
        VALUES (\(canceledOccurrence), \(organization), 1, 1)
        """,
        """
        UPDATE occurrence_type_reports SET tickets_sold = tickets_sold + 3, tickets_refunded = 1
        WHERE occurrence_id = \(occurrence)
        """,
        """
        INSERT INTO occurrence_type_reports
            (occurrence_id, ticket_type_id, organization_id, name, tickets_sold, tickets_refunded)
        VALUES (\(canceledOccurrence), \(type), \(organization), 'General', 1, 1)
        """,
        """
        UPDATE occurrence_revenues SET revenue_cents = revenue_cents + 75000, refunded_cents = 25000
        WHERE occurrence_id = \(occurrence)
        """,
        """
        INSERT INTO occurrence_revenues
            (occurrence_id, ticket_type_id, currency, organization_id, revenue_cents, refunded_cents)
        VALUES (\(canceledOccurrence), \(type), 'ZAR', \(organization), 25000, 25000)
        """,
        """
        INSERT INTO occurrence_refunds (occurrence_id, currency, organization_id, refunded_cents)
        VALUES (\(occurrence), 'ZAR', \(organization), 25000), (\(canceledOccurrence), 'ZAR', \(organization), 25000)
        """,
    ]

    static let refundsInCoordinator = [
        """
        INSERT INTO checkouts
            (id, organization_id, occurrence_id, order_id, state, charge_id, saga, version, created_at, updated_at)
        SELECT id, \(organization), occurrence_id, order_id, state, charge_id,
            jsonb_build_object('state', state, 'version', 2, 'historyLength', 2, 'orderID', order_id, 'charges',
                jsonb_build_array(jsonb_build_object('id', charge_id, 'state', 'succeeded', 'refund', refund))),
            2, \(longAgo), \(lately)
        FROM (VALUES
            (\(partCheckout)::uuid, \(occurrence)::uuid, \(partOrder)::uuid, 'completed', \(partCharge)::uuid, NULL),
            (\(uselessCheckout)::uuid, \(occurrence)::uuid, \(uselessOrder)::uuid, 'refunded', \(uselessCharge)::uuid,
                'succeeded'),
            (\(undoneCheckout)::uuid, \(canceledOccurrence)::uuid, \(undoneOrder)::uuid, 'completed',
                \(undoneCharge)::uuid, NULL),
            (\(returningCheckout)::uuid, \(occurrence)::uuid, \(returningOrder)::uuid, 'completed',
                \(returningCharge)::uuid, NULL))
            AS checkout (id, occurrence_id, order_id, state, charge_id, refund)
        """,
        """
        INSERT INTO refunds
            (id, organization_id, order_id, checkout_id, occurrence_id, cause, state, amount_cents, currency, saga,
            version, created_at, updated_at)
        SELECT refund.id, \(organization), checkout.order_id, checkout.id, checkout.occurrence_id, cause, refund.state,
            25000, 'ZAR',
            jsonb_build_object('state', refund.state, 'version', 2, 'historyLength', 2, 'orderID', checkout.order_id,
                'amountCents', 25000, 'isAbandoned', refund.state = 'failed', 'reminders', 0, 'updatedAt', at),
            2, \(lately), at
        FROM (VALUES
            (\(refund)::uuid, \(partCheckout)::uuid, 'requested', 'completed', \(lately)),
            (\(failedRefund)::uuid, \(partCheckout)::uuid, 'requested', 'failed', \(lately)),
            (\(undoneOrder)::uuid, \(undoneCheckout)::uuid, 'occurrence_canceled', 'completed', \(lately)),
            (\(pendingRefund)::uuid, \(returningCheckout)::uuid, 'requested', 'pending', now()))
            AS refund (id, checkout_id, cause, state, at)
        JOIN checkouts AS checkout ON checkout.id = refund.checkout_id
        """,
        """
        INSERT INTO refund_history (refund_id, sequence, organization_id, at, state, message, outcome, facts)
        SELECT id, 1, organization_id, created_at, 'requested', 'coordinator.start-refund.v1', 'changed', '{}'::jsonb
        FROM refunds
        UNION ALL
        SELECT id, 2, organization_id, updated_at, state, 'some.message.v1', 'changed', '{}' FROM refunds
        """,
        """
        INSERT INTO refund_timers (refund_id, kind, organization_id, due_at)
        VALUES (\(pendingRefund), 'answer_due', \(organization), now() + interval '9 minutes')
        """,
        """
        INSERT INTO cancellations (id, organization_id, state, saga, created_at, updated_at)
        VALUES (\(canceledOccurrence), \(organization), 'completed',
            jsonb_build_object('state', 'completed', 'historyLength', 2, 'occurrenceID', \(canceledOccurrence)),
            \(lately), \(lately))
        """,
        """
        INSERT INTO cancellation_history (occurrence_id, sequence, organization_id, at, state, message, outcome, facts)
        SELECT id, 1, organization_id, created_at, 'refunding', 'ticketing.occurrence-canceled.v1', 'changed',
            '{}'::jsonb FROM cancellations
        UNION ALL
        SELECT id, 2, organization_id, updated_at, state, 'counted', 'changed', '{}' FROM cancellations
        """,
    ]
}
