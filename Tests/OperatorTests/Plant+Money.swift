@testable import Operator

/// What must not be in Payments and in the sandbox's book.
extension Plant {
    static let ledger = [
        Plant(
            "every journal entry sums to zero per currency", naming: Row.captureEntry,
            [.payments: ["UPDATE journal_lines SET amount_cents = -47999 WHERE position = 2"]]),
        Plant(
            "every journal entry has at least two lines", naming: Row.id(0x502),
            [
                .payments: [
                    """
                    INSERT INTO journal_entries (id, organization_id, kind, description, recorded_at)
                    VALUES (\(Row.id(0x502)), \(Row.organization), 'correction', 'nothing', now())
                    """
                ]
            ]),
        Plant(
            "every captured charge is in the ledger once and in full", naming: "the ledger has 40000 in 1",
            [
                .payments: [
                    "UPDATE journal_lines SET amount_cents = 40000 WHERE position = 1",
                    "UPDATE journal_lines SET amount_cents = -38000 WHERE position = 2",
                ]
            ]),
        Plant(
            "every captured charge is in the ledger once and in full", naming: "the ledger has 0 in 0",
            [.payments: ["DELETE FROM journal_lines", "DELETE FROM journal_entries"]]),
        Plant(
            "the ledger has no capture that no charge made", naming: Row.id(0x502),
            [
                .payments: [
                    """
                    INSERT INTO journal_entries (id, organization_id, order_id, charge_id, kind, description,
                        recorded_at)
                    VALUES (\(Row.id(0x502)), \(Row.organization), \(Row.expiredOrder), \(Row.failedCharge),
                        'charge_captured', 'captured', now())
                    """,
                    """
                    INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
                    VALUES (\(Row.organization), \(Row.id(0x502)), 1, \(Row.clearing), 25000, 'ZAR'),
                           (\(Row.organization), \(Row.id(0x502)), 2, \(Row.payable), -25000, 'ZAR')
                    """,
                ]
            ]),
        Plant(
            "the ledger's guards are on", naming: "append_only on journal_lines is off",
            [.payments: ["ALTER TABLE journal_lines DISABLE TRIGGER append_only"]]),
        Plant(
            "the ledger's guards are on", naming: "journal_line_balances on journal_lines is missing",
            [.payments: ["DROP TRIGGER journal_line_balances ON journal_lines"]]),
    ]

    static let money = [
        Plant(
            "every captured charge ends in tickets or in a refund", naming: "\(Row.id(0x302)) of 25000 is captured",
            [.payments: lateCapture, .sandboxProvider: lateCaptureInTheBook]),
        Plant(
            "every captured charge ends in tickets or in a refund", naming: "(second_capture), refunded are 0",
            [.payments: secondCapture, .sandboxProvider: secondCaptureInTheBook]),
        Plant(
            "every captured charge ends in tickets or in a refund", naming: "was denied afterwards",
            [.payments: ["UPDATE transactions SET anomaly = 'denied_after_capture' WHERE id = \(Row.soldCharge)"]]),
        Plant(
            "every captured charge ends in tickets or in a refund", naming: "is completed all the same",
            [.payments: refund(of: Row.soldCharge, 50000, for: Row.soldOrder)]),
        Plant(
            "every completed order is covered by a captured charge", naming: "of 60000 ZAR is sold",
            [
                .ticketing: [
                    "UPDATE orders SET total_cents = 60000 WHERE id = \(Row.soldOrder)",
                    """
                    UPDATE order_items SET unit_price_cents = 30000, total_cents = 60000
                        WHERE order_id = \(Row.soldOrder)
                    """,
                    "UPDATE tickets SET price_paid_cents = 30000 WHERE order_id = \(Row.soldOrder)",
                ],
                .analytics: [
                    "UPDATE sales SET price_cents = 30000", "UPDATE occurrence_revenues SET revenue_cents = 60000",
                ],
            ]),
        Plant(
            "every completed order is covered by a captured charge", naming: "is failed",
            [
                .payments: [
                    """
                    UPDATE transactions SET status = 'failed', failure_reason = 'declined', captured_at = NULL
                    WHERE id = \(Row.soldCharge)
                    """, "DELETE FROM journal_lines", "DELETE FROM journal_entries",
                ],
                .sandboxProvider: [
                    "DELETE FROM captures",
                    "UPDATE charges SET outcome = 'declined' WHERE idempotency_key = \(Row.soldCharge)",
                ],
            ]),
        Plant(
            "every capture in the sandbox's book is a captured charge", naming: "is failed",
            [.sandboxProvider: lateCaptureInTheBook]),
        Plant(
            "every capture in the sandbox's book is a captured charge", naming: "has no charge",
            [
                .sandboxProvider: [
                    """
                    INSERT INTO charges
                        (idempotency_key, amount_cents, currency, token, reference, calls, outcome, settles_at,
                        created_at)
                    VALUES (\(Row.id(0x30F)), 1, 'ZAR', 'tok_ok', 'sbx_f', 1, 'captured', \(Row.longAgo),
                        \(Row.longAgo))
                    """,
                    """
                    INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
                    VALUES (\(Row.id(0x30F)), 'sbx_f', 1, 'ZAR', \(Row.longAgo))
                    """,
                ]
            ]),
        Plant(
            "every captured charge is in the sandbox's book", naming: Row.soldCharge,
            [.sandboxProvider: ["DELETE FROM captures"]]),
        Plant(
            "the sandbox captured what it was asked to", naming: Row.soldCharge,
            [.sandboxProvider: ["UPDATE charges SET amount_cents = 49999 WHERE idempotency_key = \(Row.soldCharge)"]]),
        Plant(
            "the sandbox never refunded more than it captured", naming: "50001 of 50000",
            [
                .sandboxProvider: [
                    """
                    INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
                    VALUES (\(Row.id(0x3F1)), \(Row.soldCharge), 'ref_1', 50000, 'ZAR', now()),
                           (\(Row.id(0x3F2)), \(Row.soldCharge), 'ref_2', 1, 'ZAR', now())
                    """
                ]
            ]),
        Plant(
            "somebody asks after every undecided charge", naming: Row.pendingCharge,
            [.payments: ["DELETE FROM jobs"]]),
    ]

    /// Money for an order that expired.
    private static let lateCapture =
        [
            """
            UPDATE transactions SET status = 'succeeded', failure_reason = NULL, captured_at = \(Row.longAgo),
                anomaly = 'captured_after_failure' WHERE id = \(Row.failedCharge)
            """
        ] + capture(of: Row.failedCharge, 25000, for: Row.expiredOrder)

    private static let lateCaptureInTheBook = [
        "UPDATE charges SET outcome = 'captured' WHERE idempotency_key = \(Row.failedCharge)",
        """
        INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
        VALUES (\(Row.failedCharge), 'sbx_2', 25000, 'ZAR', \(Row.longAgo))
        """,
    ]

    /// Money for an order that was paid before.
    static let secondCapture =
        [
            """
            INSERT INTO transactions
                (id, organization_id, checkout_id, order_id, amount_cents, currency, provider, hold_expires_at, status,
                provider_reference, anomaly, captured_at, created_at, updated_at)
            VALUES (\(Row.id(0x30F)), \(Row.organization), \(Row.soldCheckout), \(Row.soldOrder), 50000, 'ZAR',
                'sandbox',
                \(Row.longAgo), 'succeeded', 'sbx_f', 'second_capture', \(Row.longAgo), \(Row.longAgo), \(Row.longAgo))
            """
        ] + capture(of: Row.id(0x30F), 50000, for: Row.soldOrder)

    static let secondCaptureInTheBook = [
        """
        INSERT INTO charges (idempotency_key, amount_cents, currency, token, reference, calls, outcome, settles_at,
            created_at)
        VALUES (\(Row.id(0x30F)), 50000, 'ZAR', 'tok_ok', 'sbx_f', 1, 'captured', \(Row.longAgo), \(Row.longAgo))
        """,
        """
        INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
        VALUES (\(Row.id(0x30F)), 'sbx_f', 50000, 'ZAR', \(Row.longAgo))
        """,
    ]

    private static func capture(of charge: String, _ cents: Int, for order: String) -> [String] {
        entry(Row.id(0x50F), "charge_captured", of: charge, for: order, debit: Row.clearing, credit: Row.payable, cents)
    }

    static func refund(of charge: String, _ cents: Int, for order: String) -> [String] {
        entry(
            Row.id(0x5F0), "refund", of: charge, for: order, refund: Row.id(0x3F0), debit: Row.payable,
            credit: Row.clearing, cents)
    }

    private static func entry(
        _ id: String, _ kind: String, of charge: String, for order: String, refund: String = "NULL", debit: String,
        credit: String, _ cents: Int
    ) -> [String] {
        [
            """
            INSERT INTO journal_entries (
                id, organization_id, order_id, charge_id, refund_id, kind, description, recorded_at
            )
            VALUES (
                \(id), \(Row.organization), \(order), \(charge), \(refund), '\(kind)', '\(kind)', \(Row.longAgo)
            )
            """,
            """
            INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
            VALUES (\(Row.organization), \(id), 1, \(debit), \(cents), 'ZAR'),
                   (\(Row.organization), \(id), 2, \(credit), \(-cents), 'ZAR')
            """,
        ]
    }
}
