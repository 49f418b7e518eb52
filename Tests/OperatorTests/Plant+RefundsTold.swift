@testable import Operator

/// What must not be told of refunds at the gates, to endpoints and in reports.
extension Plant {
    static let revocations = [
        Plant(
            "every ticket that was taken back is revoked at the gates", naming: "\(Row.refundedTicket), taken back",
            [
                .scanning: [
                    "UPDATE tickets SET status = 'valid', refund_version = 0 WHERE id = \(Row.refundedTicket)"
                ]
            ]),
        Plant(
            "every ticket that is revoked at the gates was taken back", naming: Row.soldTicket,
            [.scanning: ["UPDATE tickets SET status = 'revoked' WHERE id = \(Row.soldTicket)"]]),
        Plant(
            "no ticket was admitted after it was taken back", naming: "\(Row.refundedTicket), scan",
            [
                .scanning: [
                    """
                    INSERT INTO scans
                        (organization_id, id, occurrence_id, ticket_id, direction, result, scanned_at, received_at,
                        code_hash, answer)
                    SELECT organization_id, \(Row.id(0x703)), occurrence_id, \(Row.refundedTicket), direction, result,
                        scanned_at, now(), code_hash,
                        jsonb_build_object('id', \(Row.id(0x703)), 'result', 'admitted')
                    FROM scans WHERE id = \(Row.scan)
                    """,
                    """
                    INSERT INTO in_out_events (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
                    VALUES (\(Row.refundedTicket), 1, \(Row.organization), 'in', \(Row.id(0x703)), now())
                    """,
                    "UPDATE tickets SET movements = 1, first_admitted_at = now() WHERE id = \(Row.refundedTicket)",
                ]
            ]),
    ]

    static let webhooks = [
        Plant(
            "an endpoint's deliveries are numbered without gaps", naming: "9 comes after 3",
            [
                .notifications: [
                    "UPDATE webhook_delivery_logs SET sequence = 9 WHERE sequence = 4",
                    "UPDATE webhook_endpoints SET last_sequence = 9",
                ]
            ]),
        Plant(
            "an endpoint's deliveries are numbered without gaps", naming: "6 comes after 4",
            [.notifications: ["UPDATE webhook_endpoints SET last_sequence = 5"]]),
        Plant(
            "a disabled endpoint has nothing to wait for", naming: Row.pendingWebhook,
            [.notifications: ["UPDATE webhook_endpoints SET status = 'disabled'"]]),
        Plant(
            "every refund is told to the endpoints that listen", naming: Row.refund,
            [.notifications: ["UPDATE webhook_events SET type = 'ticket.issued' WHERE object_id = \(Row.refund)"]]),
    ]

    static let refundReports = [
        Plant(
            "reported refunds equal their facts", naming: "24999 of 25000 ZAR",
            [
                .analytics: [
                    "UPDATE occurrence_refunds SET refunded_cents = 24999 WHERE occurrence_id = \(Row.occurrence)"
                ]
            ]),
        Plant(
            "a reported refund of tickets is the sum of them", naming: "of 25000 ZAR: its tickets have 24999",
            [
                .analytics: [
                    "UPDATE ticket_refunds SET amount_cents = 24999 WHERE ticket_id = \(Row.refundedTicket)",
                    "UPDATE occurrence_revenues SET refunded_cents = 24999 WHERE occurrence_id = \(Row.occurrence)",
                ],
                // So recent that nobody needs to have heard.
                .ticketing: ["UPDATE order_refunds SET ended_at = now() WHERE id = \(Row.refund)"],
            ]),
        Plant(
            "every refund is reported as it was made", naming: "order \(Row.soldOrder)",
            [.analytics: ["UPDATE refunds SET order_id = \(Row.soldOrder) WHERE refund_id = \(Row.refund)"]]),
        Plant(
            "every reported refund was made", naming: Row.failedRefund,
            [
                .analytics: [
                    """
                    INSERT INTO refunds (refund_id, organization_id, order_id, occurrence_id, amount_cents, currency,
                        cause, refunded_at)
                    VALUES (\(Row.failedRefund), \(Row.organization), \(Row.partOrder), \(Row.occurrence), 0, 'ZAR',
                        'requested', now())
                    """
                ]
            ]),
        Plant(
            "every refunded ticket is reported as it was refunded", naming: "not reported",
            [
                .analytics: [
                    "DELETE FROM ticket_refunds WHERE ticket_id = \(Row.refundedTicket)",
                    "UPDATE occurrence_reports SET tickets_refunded = 0 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_type_reports SET tickets_refunded = 0 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_revenues SET refunded_cents = 0 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
        Plant(
            "every ticket that is reported as refunded is refunded", naming: Row.soldTicket,
            [
                .analytics: [
                    """
                    INSERT INTO ticket_refunds
                        (ticket_id, refund_id, organization_id, occurrence_id, ticket_type_id, amount_cents, currency)
                    VALUES (\(Row.soldTicket), \(Row.refund), \(Row.organization), \(Row.occurrence), \(Row.type), 0,
                        'ZAR')
                    """,
                    "UPDATE occurrence_reports SET tickets_refunded = 2 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_type_reports SET tickets_refunded = 2 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
    ]
}
