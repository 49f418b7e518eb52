@testable import Operator

/// What must not be in Scanning, in Notifications and in Analytics.
extension Plant {
    static let scans = [
        Plant(
            "no ticket is admitted twice without an exit", naming: "movement 3 is in",
            [
                .scanning: [
                    """
                    INSERT INTO scans
                        (organization_id, id, occurrence_id, ticket_id, direction, result, scanned_at, received_at,
                        code_hash, answer)
                    SELECT organization_id, \(Row.id(0x703)), occurrence_id, ticket_id, direction, result, scanned_at,
                        received_at, code_hash, jsonb_set(answer, '{id}', to_jsonb(\(Row.id(0x703))::text))
                    FROM scans WHERE id = \(Row.scan)
                    """,
                    """
                    INSERT INTO in_out_events (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
                    VALUES (\(Row.admittedTicket), 3, \(Row.organization), 'in', \(Row.id(0x703)), now())
                    """, "UPDATE tickets SET movements = 2 WHERE id = \(Row.admittedTicket)",
                ]
            ]),
        Plant(
            "every admission and every exit is one movement, and nothing else is", naming: Row.id(0x703),
            [
                .scanning: [
                    """
                    INSERT INTO scans
                        (organization_id, id, occurrence_id, ticket_id, direction, result, scanned_at, received_at,
                        code_hash, answer)
                    SELECT organization_id, \(Row.id(0x703)), occurrence_id, \(Row.soldTicket), direction, result,
                        scanned_at, received_at, code_hash,
                        jsonb_build_object('id', \(Row.id(0x703)), 'result', 'admitted')
                    FROM scans WHERE id = \(Row.scan)
                    """
                ]
            ]),
        Plant(
            "the scan and the ticket of every movement are there", naming: "movement 2 of ticket \(Row.admittedTicket)",
            [
                .scanning: [
                    """
                    INSERT INTO in_out_events (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
                    VALUES (\(Row.admittedTicket), 2, \(Row.organization), 'out', \(Row.id(0x703)), now())
                    """, "UPDATE tickets SET movements = 2 WHERE id = \(Row.admittedTicket)",
                ]
            ]),
        Plant(
            "the scan and the ticket of every movement are there", naming: "movement 1 of ticket \(Row.id(0x704))",
            [
                .scanning: [
                    """
                    INSERT INTO scans
                        (organization_id, id, occurrence_id, ticket_id, direction, result, scanned_at, received_at,
                        code_hash, answer)
                    SELECT organization_id, \(Row.id(0x703)), occurrence_id, \(Row.id(0x704)), direction, result,
                        scanned_at, now(), code_hash,
                        jsonb_build_object('id', \(Row.id(0x703)), 'result', 'admitted')
                    FROM scans WHERE id = \(Row.scan)
                    """,
                    """
                    INSERT INTO in_out_events (ticket_id, sequence, organization_id, direction, scan_id, occurred_at)
                    VALUES (\(Row.id(0x704)), 1, \(Row.organization), 'in', \(Row.id(0x703)), now())
                    """,
                ]
            ]),
        Plant(
            "no ticket passes a gate of another occurrence", naming: Row.otherOccurrence,
            [.scanning: ["UPDATE scans SET occurrence_id = \(Row.otherOccurrence) WHERE id = \(Row.scan)"]]),
        Plant(
            "every stored answer is that of its scan", naming: Row.otherScan,
            [
                .scanning: [
                    """
                    UPDATE scans SET answer = jsonb_set(answer, '{result}', '"admitted"') WHERE id = \(Row.otherScan)
                    """
                ]
            ]),
        Plant(
            "a ticket's movements are those that happened", naming: "has 2 movements, 0 happened",
            [
                .scanning: [
                    "UPDATE tickets SET movements = 2, first_admitted_at = now() WHERE id = \(Row.soldTicket)"
                ]
            ]),
        Plant(
            "every admitted ticket was sold for that occurrence", naming: "sold for occurrence \(Row.occurrence)",
            [
                .scanning: [
                    "UPDATE tickets SET occurrence_id = \(Row.otherOccurrence) WHERE id = \(Row.admittedTicket)",
                    "UPDATE scans SET occurrence_id = \(Row.otherOccurrence) WHERE id = \(Row.scan)",
                ]
            ]),
        Plant(
            "every admitted ticket was sold for that occurrence", naming: "of organisation \(Row.otherOrganization)",
            [
                .scanning: [
                    "UPDATE tickets SET organization_id = \(Row.otherOrganization)",
                    "UPDATE scans SET organization_id = \(Row.otherOrganization)",
                    "UPDATE in_out_events SET organization_id = \(Row.otherOrganization)",
                ]
            ]),
        Plant(
            "admitted tickets are checked in", naming: Row.admittedTicket,
            [.ticketing: ["UPDATE tickets SET status = 'confirmed' WHERE id = \(Row.admittedTicket)"]]),
        Plant(
            "every sold ticket is known at the gates", naming: Row.soldTicket,
            [.scanning: ["DELETE FROM tickets WHERE id = \(Row.soldTicket)"]]),
    ]

    static let deliveries = [
        Plant(
            "every sold ticket is on its way to its buyer", naming: Row.soldTicket,
            [.notifications: ["DELETE FROM ticket_delivery_items WHERE ticket_id = \(Row.soldTicket)"]]),
        Plant(
            "every ticket on its way to a buyer is sold", naming: Row.waitingTicket,
            [
                .notifications: [
                    """
                    INSERT INTO ticket_delivery_items (ticket_id, organization_id, order_id)
                    VALUES (\(Row.waitingTicket), \(Row.organization), \(Row.soldOrder))
                    """
                ]
            ]),
        Plant(
            "somebody sends every pending notification", naming: Row.soldOrder,
            [.notifications: ["UPDATE notifications SET status = 'pending', completed_at = NULL"]]),
        Plant(
            "somebody sends every pending notification", naming: "order_refunded \(Row.refund)",
            [.notifications: ["DELETE FROM jobs WHERE kind = 'mail-letter'"]]),
        Plant(
            "somebody sends every pending webhook", naming: Row.pendingWebhook,
            [
                .notifications: [
                    "UPDATE jobs SET payload = jsonb_set(payload, '{serial}', '1') WHERE kind = 'deliver-webhook'"
                ]
            ]),
        Plant(
            "deliveries count the attempts that were made", naming: "notification \(Row.mail): 2 of 1",
            [.notifications: ["UPDATE notifications SET attempt_count = 2"]]),
        Plant(
            "deliveries count the attempts that were made", naming: "webhook delivery \(Row.deliveredWebhook): 1 of 0",
            [.notifications: ["DELETE FROM webhook_attempts WHERE delivery_id = \(Row.deliveredWebhook)"]]),
    ]

    static let reports = [
        Plant(
            "reports of occurrences equal their facts", naming: "sold 9 of 5, refunded 1 of 1, checked in 1 of 1",
            [.analytics: ["UPDATE occurrence_reports SET tickets_sold = 9"]]),
        Plant(
            "reports of occurrences equal their facts", naming: "sold 5 of 5, refunded 9 of 1, checked in 1 of 1",
            [.analytics: ["UPDATE occurrence_reports SET tickets_refunded = 9"]]),
        Plant(
            "reports of ticket types equal their facts", naming: "sold 5 of 5, refunded 1 of 1, checked in 0 of 1",
            [.analytics: ["UPDATE occurrence_type_reports SET checked_in = 0"]]),
        Plant(
            "reported revenue equals the sales, and what is refunded of it the refunds",
            naming: "49999 of 125000 ZAR, refunded 25000 of 25000",
            [.analytics: ["UPDATE occurrence_revenues SET revenue_cents = 49999"]]),
        Plant(
            "every sold ticket is reported as it was sold", naming: "\(Row.soldTicket) of organisation",
            [
                .analytics: [
                    "DELETE FROM sales WHERE ticket_id = \(Row.soldTicket)",
                    "UPDATE occurrence_reports SET tickets_sold = 4 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_type_reports SET tickets_sold = 4 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_revenues SET revenue_cents = 100000 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
        Plant(
            "every sold ticket is reported as it was sold", naming: "order \(Row.waitingOrder)",
            [.analytics: ["UPDATE sales SET order_id = \(Row.waitingOrder) WHERE ticket_id = \(Row.soldTicket)"]]),
        Plant(
            "every reported sale is a sold ticket", naming: Row.waitingTicket,
            [
                .analytics: [
                    """
                    INSERT INTO sales
                        (ticket_id, organization_id, order_id, occurrence_id, ticket_type_id, price_cents, currency,
                        sold_at)
                    VALUES (\(Row.waitingTicket), \(Row.organization), \(Row.waitingOrder), \(Row.occurrence),
                        \(Row.type),
                        25000, 'ZAR', now())
                    """, "UPDATE occurrence_reports SET tickets_sold = 6 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_type_reports SET tickets_sold = 6 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_revenues SET revenue_cents = 150000 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
        Plant(
            "every first admission is reported", naming: Row.admittedTicket,
            [
                .analytics: [
                    "DELETE FROM admissions", "UPDATE occurrence_reports SET checked_in = 0",
                    "UPDATE occurrence_type_reports SET checked_in = 0",
                ]
            ]),
        Plant(
            "every reported admission is an admitted ticket", naming: Row.soldTicket,
            [
                .analytics: [
                    """
                    INSERT INTO admissions
                        (ticket_id, organization_id, occurrence_id, ticket_type_id, scan_id, admitted_at)
                    VALUES (\(Row.soldTicket), \(Row.organization), \(Row.occurrence), \(Row.type), \(Row.id(0x703)),
                        now())
                    """, "UPDATE occurrence_reports SET checked_in = 2 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE occurrence_type_reports SET checked_in = 2 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
    ]
}
