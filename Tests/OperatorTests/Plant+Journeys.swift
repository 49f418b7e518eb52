@testable import Operator

/// What must not be in the Coordinator, between tenants, and in the runtime's tables.
extension Plant {
    static let sagas = [
        Plant(
            "a checkout's row and history say what its saga says", naming: "its saga is paying",
            [
                .coordinator: [
                    """
                    UPDATE checkouts SET saga = jsonb_set(saga, '{state}', '"paying"') WHERE id = \(Row.soldCheckout)
                    """
                ]
            ]),
        Plant(
            "a checkout's row and history say what its saga says", naming: "with 1 lines to holding",
            [.coordinator: ["DELETE FROM checkout_history WHERE checkout_id = \(Row.soldCheckout) AND sequence = 2"]]),
        Plant(
            "every checkout that waits has a timer", naming: Row.waitingCheckout,
            [.coordinator: ["DELETE FROM checkout_timers WHERE checkout_id = \(Row.waitingCheckout)"]]),
        Plant(
            "every checkout that waits has a timer", naming: Row.payingCheckout,
            [.coordinator: ["DELETE FROM checkout_timers WHERE checkout_id = \(Row.payingCheckout)"]]),
        Plant(
            "every checkout that waits has a timer", naming: Row.uselessCheckout,
            [
                .coordinator: [
                    """
                    UPDATE checkouts SET saga = jsonb_set(saga, '{charges,0,refund}', '"ordered"')
                    WHERE id = \(Row.uselessCheckout)
                    """, "UPDATE checkout_history SET at = now() WHERE checkout_id = \(Row.uselessCheckout)",
                ]
            ]),
        Plant(
            "no timer is overdue", naming: Row.payingCheckout,
            [
                .coordinator: [
                    """
                    UPDATE checkout_timers SET due_at = now() - interval '6 minutes'
                    WHERE checkout_id = \(Row.payingCheckout)
                    """
                ]
            ]),
        Plant(
            "ended checkouts and their orders agree", naming: "\(Row.payingCheckout) is expired",
            [.coordinator: end(Row.payingCheckout, "expired", at: Row.longAgo)]),
        Plant(
            "ended checkouts and their orders agree", naming: "\(Row.soldCheckout) is canceled",
            [.coordinator: end(Row.soldCheckout, "canceled", at: "now()")]),
        Plant(
            "ended checkouts and their orders agree", naming: "\(Row.soldCheckout) is refunded",
            [.coordinator: end(Row.soldCheckout, "refunded", at: "now()")]),
        Plant(
            "ended checkouts and their orders agree", naming: "\(Row.expiredCheckout) is completed",
            [.coordinator: end(Row.expiredCheckout, "completed", at: "now()")]),
        Plant(
            "every order has its checkout", naming: Row.waitingOrder,
            [
                .coordinator: [
                    "DELETE FROM checkout_history WHERE checkout_id = \(Row.waitingCheckout)",
                    "DELETE FROM checkout_timers WHERE checkout_id = \(Row.waitingCheckout)",
                    "DELETE FROM checkouts WHERE id = \(Row.waitingCheckout)",
                ]
            ]),
        Plant(
            "no checkout waits for an answer that was given", naming: "\(Row.payingCheckout) is paying",
            [
                .coordinator: ["UPDATE checkouts SET updated_at = \(Row.longAgo) WHERE id = \(Row.payingCheckout)"],
                .payments: [
                    """
                    UPDATE transactions SET status = 'failed', token = NULL, failure_reason = 'declined',
                        updated_at = \(Row.longAgo) WHERE id = \(Row.pendingCharge)
                    """
                ],
            ]),
        Plant(
            "no checkout waits for an answer that was given", naming: "\(Row.payingCheckout) is confirming",
            [.coordinator: end(Row.payingCheckout, "confirming", at: Row.longAgo)]),
        Plant(
            "no money waits for its refund", naming: "checkout \(Row.expiredCheckout)",
            [.coordinator: end(Row.expiredCheckout, "refunding", at: Row.longAgo)]),
        Plant(
            "no saga heard what cannot be", naming: "\(Row.soldCheckout) was completed",
            [
                .coordinator: [
                    """
                    UPDATE checkout_history SET outcome = 'unexpected' WHERE checkout_id = \(Row.soldCheckout)
                    AND sequence = 2
                    """
                ]
            ]),
    ]

    static let tenants =
        [
            Plant(
                "tickets, orders and what they are for are of one organisation",
                naming: "attendee \(Row.otherOrganization)",
                [.ticketing: ["UPDATE attendees SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "journal entries, their lines, accounts, charges and refunds are of one organisation",
                naming: "refund \(Row.refund) of organisation \(Row.otherOrganization)",
                [
                    .payments: [
                        "UPDATE refunds SET organization_id = \(Row.otherOrganization) WHERE id = \(Row.refund)"
                    ]
                ]),
            Plant(
                "journal entries, their lines, accounts, charges and refunds are of one organisation",
                naming: "account \(Row.otherOrganization)",
                [
                    .payments: [
                        "UPDATE ledger_accounts SET organization_id = \(Row.otherOrganization) WHERE id = \(Row.fees)"
                    ]
                ]),
            Plant(
                "scans, movements and their tickets are of one organisation", naming: Row.otherOrganization,
                [
                    .scanning: [
                        "UPDATE scans SET organization_id = \(Row.otherOrganization) WHERE id = \(Row.scan)",
                        "UPDATE in_out_events SET organization_id = \(Row.otherOrganization)",
                    ]
                ]),
            Plant(
                "sagas, their history, their timers and their incidents are of one organisation",
                naming: "timer of organisation \(Row.otherOrganization)",
                [.coordinator: ["UPDATE checkout_timers SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "sagas, their history, their timers and their incidents are of one organisation",
                naming: "cancellation \(Row.canceledOccurrence)",
                [.coordinator: ["UPDATE cancellation_history SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "sagas, their history, their timers and their incidents are of one organisation",
                naming: "incident of organisation \(Row.otherOrganization)",
                [.coordinator: [incident(Row.id(0x1F1), of: Row.otherOrganization, resolvedAt: "now()")]]),
            Plant(
                "reports and their facts are of one organisation",
                naming: "revenue of organisation \(Row.otherOrganization)",
                [.analytics: ["UPDATE occurrence_revenues SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "reports and their facts are of one organisation",
                naming: "refunded tickets of organisation \(Row.otherOrganization)",
                [.analytics: ["UPDATE ticket_refunds SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "deliveries and what they deliver are of one organisation",
                naming: "notification of organisation \(Row.otherOrganization)",
                [
                    .notifications: [
                        "UPDATE notifications SET organization_id = \(Row.otherOrganization)",
                        "UPDATE delivery_attempts SET organization_id = \(Row.otherOrganization)",
                    ]
                ]),
            Plant(
                "deliveries and what they deliver are of one organisation",
                naming: "endpoint of organisation \(Row.otherOrganization)",
                [.notifications: ["UPDATE webhook_endpoints SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "deliveries and what they deliver are of one organisation",
                naming: "refund of organisation \(Row.otherOrganization)",
                [.notifications: ["UPDATE ticket_refunds SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "keys, their limits and their requests are of one organisation", naming: "rate limit of organisation",
                [.gateway: ["UPDATE rate_limit_rules SET organization_id = \(Row.otherOrganization)"]]),
            Plant(
                "orders, checkouts and charges are of one organisation", naming: "checkout \(Row.canceledCheckout)",
                [
                    .coordinator: [
                        """
                        UPDATE checkouts SET organization_id = \(Row.otherOrganization)
                        WHERE id = \(Row.canceledCheckout)
                        """,
                        """
                        UPDATE checkout_history SET organization_id = \(Row.otherOrganization)
                        WHERE checkout_id = \(Row.canceledCheckout)
                        """,
                    ]
                ]),
            Plant(
                "orders, checkouts and charges are of one organisation", naming: "charge \(Row.failedCharge)",
                [
                    .payments: [
                        """
                        UPDATE transactions SET organization_id = \(Row.otherOrganization)
                        WHERE id = \(Row.failedCharge)
                        """
                    ]
                ]),
            Plant(
                "every organisation is known to Ticketing as it is",
                naming: "suspended at version 2, heard of as active",
                [
                    .ticketing: [
                        "UPDATE organizations SET status = 'active', version = 1 WHERE id = \(Row.otherOrganization)"
                    ]
                ]),
            Plant(
                "every organisation is known to Ticketing as it is", naming: "heard of as unknown",
                [.ticketing: ["DELETE FROM organizations WHERE id = \(Row.otherOrganization)"]]),
            Plant(
                "ticketing's tables are closed to other tenants", naming: "table orders",
                [.ticketing: ["ALTER TABLE orders NO FORCE ROW LEVEL SECURITY"]]),
            Plant(
                "ticketing's tables are closed to other tenants", naming: "table attendees",
                [.ticketing: ["CREATE POLICY everybody ON attendees USING (true)"]]),
            Plant(
                "ticketing's tables are closed to other tenants", naming: "table tickets",
                [.ticketing: ["ALTER TABLE tickets OWNER TO ticketing_tenant"]]),
        ]
        + OperatorEnvironment.Database.ofServices.map { database in
            Plant(
                "\(database.rawValue)'s tables are closed to other tenants", naming: "table forgotten",
                [database: ["CREATE TABLE forgotten (id uuid PRIMARY KEY, organization_id uuid NOT NULL)"]])
        }

    static let plumbing = OperatorEnvironment.Database.ofServices.flatMap { database in
        [
            Plant(
                "no message of \(database.rawValue) is stuck in the outbox", naming: "some.message.v1",
                [
                    database: [
                        """
                        INSERT INTO outbox (id, exchange, routing_key, envelope, body, due_at)
                        SELECT \(Row.id(0xC01)), 'voelgoed.events', 'some.message.v1', jsonb_build_object(
                            'type', 'voelgoed.bundle.v1', 'occurredAt', now() - interval '6 minutes'),
                            convert_to(E'app-id test\\ntype some.message.v1\\n', 'UTF8'), now()
                        """
                    ]
                ]),
            Plant(
                "no job of \(database.rawValue) is overdue", naming: "some-work",
                [database: [job(dueAt: "now() - interval '11 minutes'", attempts: 0, error: "NULL")]]),
            Plant(
                "no job of \(database.rawValue) fails again and again", naming: "it rains",
                [database: [job(dueAt: "now() + interval '1 minute'", attempts: 10, error: "'it rains'")]]),
        ]
    }

    private static func end(_ checkout: String, _ state: String, at time: String) -> [String] {
        [
            """
            UPDATE checkouts SET state = '\(state)', updated_at = \(time),
                saga = jsonb_set(saga, '{state}', '"\(state)"') WHERE id = \(checkout)
            """,
            "UPDATE checkout_history SET state = '\(state)' WHERE checkout_id = \(checkout) AND sequence = 2",
        ]
    }

    private static func job(dueAt: String, attempts: Int, error: String) -> String {
        """
        INSERT INTO jobs (id, kind, payload, envelope, due_at, attempts, last_error, created_at)
        VALUES (\(Row.id(0xC02)), 'some-work', '{}', '{}', \(dueAt), \(attempts), \(error), now())
        """
    }
}
