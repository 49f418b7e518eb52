@testable import Operator

/// What must not be of money that goes back, in Payments, in the sandbox's book and in Ticketing.
extension Plant {
    static let refunds = [
        Plant(
            "what a charge gives back is the sum of its refunds", naming: "gone back 24999 of 25000",
            [.payments: ["UPDATE transactions SET refunded_cents = 24999 WHERE id = \(Row.partCharge)"]]),
        Plant(
            "every refund is in the ledger as far as it has come", naming: "accepted 25000 with 0 of the fee, paid 0",
            [.payments: ["UPDATE journal_entries SET kind = 'correction' WHERE id = \(Row.refundEntry)"]]),
        Plant(
            "every refund is in the ledger as far as it has come", naming: "with 1000 of the fee",
            [.payments: ["UPDATE refunds SET returned_fee_cents = 999 WHERE id = \(Row.uselessCharge)"]]),
        Plant(
            "the ledger has no refund that nobody asked for", naming: Row.id(0x5F0),
            [
                .payments: entry(
                    Row.id(0x5F0), "refund_accepted", of: Row.soldCharge, for: Row.soldOrder, refund: Row.id(0xF0F),
                    debit: Row.payable, credit: Row.clearing, 1)
            ]),
        Plant(
            "what the ledger owes to buyers is going back", naming: "owed 25001, going back 25000 ZAR",
            [
                .payments: entry(
                    Row.id(0x5F0), "correction", of: Row.soldCharge, for: Row.soldOrder, debit: Row.payable,
                    credit: Row.owed, 1)
            ]),
        Plant(
            "somebody asks after every undecided refund", naming: Row.pendingRefund,
            [.payments: ["DELETE FROM jobs WHERE kind = 'refund-status'"]]),
        Plant(
            "no provider contradicts itself about a refund", naming: "denied_after_refund",
            [.payments: ["UPDATE refunds SET anomaly = 'denied_after_refund' WHERE id = \(Row.refund)"]]),
        Plant(
            "the sandbox gave back what it was asked to", naming: "asked for were 24999",
            [
                .sandboxProvider: [
                    "UPDATE refund_orders SET amount_cents = 24999 WHERE idempotency_key = \(Row.refund)"
                ]
            ]),
        Plant(
            "every refund in the sandbox's book is a refund of that charge", naming: "was never asked for",
            [.sandboxProvider: returned(Row.id(0x3F1), 1, of: Row.soldCharge, at: Row.longAgo)]),
        Plant(
            "every refund in the sandbox's book is a refund of that charge", naming: "that is failed",
            [
                .sandboxProvider: ["DELETE FROM refund_orders WHERE idempotency_key = \(Row.failedRefund)"]
                    + returned(Row.failedRefund, 25000, of: Row.partCharge, at: Row.longAgo)
            ]),
        Plant(
            "every refund that succeeded is in the sandbox's book", naming: "\(Row.refund) of 25000",
            [.sandboxProvider: ["DELETE FROM refunds WHERE idempotency_key = \(Row.refund)"]]),
    ]

    static let orderRefunds = [
        Plant(
            "what an order gives back is the sum of its refunds", naming: "going back 1 of 0",
            [.ticketing: ["UPDATE orders SET refunding_cents = 1 WHERE id = \(Row.soldOrder)"]]),
        Plant(
            "an order is refunded as far as its refunds have come", naming: "is partially_refunded: 0 refunds",
            [
                .ticketing: [
                    "ALTER TABLE orders DROP CONSTRAINT order_refunded_check",
                    "UPDATE orders SET status = 'partially_refunded' WHERE id = \(Row.soldOrder)",
                ]
            ]),
        Plant(
            "a ticket is in the refund that took it back, and in no other", naming: "\(Row.returningTicket) is unknown",
            [
                .ticketing: [
                    "UPDATE tickets SET refund_id = NULL, updated_at = now() WHERE id = \(Row.returningTicket)"
                ]
            ]),
        Plant(
            "a ticket is in the refund that took it back, and in no other", naming: "in refund \(Row.failedRefund)",
            [.ticketing: ["UPDATE tickets SET refund_id = \(Row.failedRefund) WHERE id = \(Row.keptTicket)"]]),
        Plant(
            "the tickets of a refund share its money out", naming: "of 25000: its tickets have 24999",
            [
                .ticketing: [
                    "UPDATE tickets SET refund_amount_cents = 24999 WHERE id = \(Row.refundedTicket)",
                    // So recent that nobody needs to have heard.
                    "UPDATE order_refunds SET ended_at = now() WHERE id = \(Row.refund)",
                ]
            ]),
        Plant(
            "refunds number their order's versions", naming: "is at version 5",
            [.ticketing: ["UPDATE orders SET refund_version = 5 WHERE id = \(Row.partOrder)"]]),
        Plant(
            "every order that was refunded got its money back once", naming: "order \(Row.soldOrder)",
            [
                .payments: [
                    "UPDATE refunds SET order_id = \(Row.soldOrder) WHERE id = \(Row.refund)",
                    "UPDATE journal_entries SET order_id = \(Row.soldOrder) WHERE refund_id = \(Row.refund)",
                ]
            ]),
        Plant(
            "every refund of an order's charge ends in the order", naming: "\(Row.failedRefund) of charge",
            unabandoned),
    ]

    /// The provider has refused, and the ticket is still taken back: nobody has said that it admits again.
    private static let unabandoned: [OperatorEnvironment.Database: [String]] = [
        .ticketing: [
            "UPDATE orders SET refunding_cents = 25000, refund_version = 3 WHERE id = \(Row.partOrder)",
            """
            UPDATE order_refunds SET status = 'pending', ended_version = NULL, ended_at = NULL
            WHERE id = \(Row.failedRefund)
            """, "UPDATE tickets SET refund_id = \(Row.failedRefund) WHERE id = \(Row.keptTicket)",
        ],
        .scanning: ["UPDATE tickets SET status = 'revoked', refund_version = 3 WHERE id = \(Row.keptTicket)"],
        .coordinator: [
            "UPDATE refunds SET saga = jsonb_set(saga, '{isAbandoned}', 'false') WHERE id = \(Row.failedRefund)",
            """
            INSERT INTO refund_timers (refund_id, kind, organization_id, due_at)
            VALUES (\(Row.failedRefund), 'answer_due', \(Row.organization), now() + interval '1 hour')
            """,
        ],
    ]

    /// Money that went back of a charge, in Payments, and that its order knows nothing of.
    static func refund(_ id: String, of charge: String, _ cents: Int, for order: String) -> [String] {
        [
            """
            INSERT INTO refunds
                (id, organization_id, charge_id, checkout_id, order_id, amount_cents, currency, purpose, provider,
                status, provider_reference, refunded_at, created_at, updated_at)
            SELECT \(id), organization_id, id, checkout_id, order_id, \(cents), currency, 'useless_capture', provider,
                'succeeded', 'ref_f', \(Row.longAgo), \(Row.longAgo), \(Row.longAgo)
            FROM transactions WHERE id = \(charge)
            """,
            "UPDATE transactions SET refunded_cents = refunded_cents + \(cents) WHERE id = \(charge)",
        ]
            + entry(
                Row.id(0x5F0), "refund_accepted", of: charge, for: order, refund: id, debit: Row.payable,
                credit: Row.owed, cents)
            + entry(
                Row.id(0x5F1), "refund", of: charge, for: order, refund: id, debit: Row.owed, credit: Row.clearing,
                cents)
    }

    /// The same in the sandbox's book.
    static func returned(_ id: String, _ cents: Int, of charge: String, at time: String) -> [String] {
        [
            """
            INSERT INTO refund_orders
                (idempotency_key, charge_key, amount_cents, currency, reference, calls, outcome, settles_at, created_at)
            VALUES (\(id), \(charge), \(cents), 'ZAR', 'ref_' || \(id), 1, 'refunded', \(time), \(time))
            """,
            """
            INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
            VALUES (\(id), \(charge), 'ref_' || \(id), \(cents), 'ZAR', \(time))
            """,
        ]
    }
}
