extension InvariantCheck {
    /// Invariants 2, 4, 5 and 10 over refunds, inside Payments and inside the sandbox's book.
    static let refunds = [
        InvariantCheck(
            5, "what a charge gives back is the sum of its refunds", in: .payments,
            sql: """
                SELECT format('charge %s: going back %s of %s, gone back %s of %s', charge.id, charge.refunding_cents,
                              coalesce(refund.refunding, 0), charge.refunded_cents, coalesce(refund.refunded, 0))
                FROM transactions AS charge
                LEFT JOIN (
                    SELECT known_charge_id, sum(amount_cents) FILTER (WHERE status = 'succeeded') AS refunded,
                           sum(amount_cents) FILTER (WHERE status IN ('initiated', 'pending')) AS refunding
                    FROM refunds GROUP BY known_charge_id
                ) AS refund ON refund.known_charge_id = charge.id
                WHERE charge.refunding_cents <> coalesce(refund.refunding, 0)
                   OR charge.refunded_cents <> coalesce(refund.refunded, 0)
                """),
        InvariantCheck(
            4, "every refund is in the ledger as far as it has come", in: .payments,
            // Books keep to the provider's first word, so that a contradiction changes no entry.
            sql: """
                SELECT format('refund %s of %s %s is %s (%s), returns %s of the fee: the ledger has accepted %s with %s '
                              'of the fee, paid %s, reversed %s', refund.id, refund.amount_cents, refund.currency,
                              refund.status, coalesce(refund.failure_reason, '-'),
                              coalesce(refund.returned_fee_cents, 0), refund.accepted, refund.fee, refund.paid,
                              refund.reversed)
                FROM (
                    SELECT refund.*, coalesce(booked.accepted, 0) AS accepted, coalesce(booked.fee, 0) AS fee,
                           coalesce(booked.paid, 0) AS paid, coalesce(booked.reversed, 0) AS reversed,
                           coalesce(refund.failure_reason, '') IN ('exceeds_charge', 'unknown_charge') AS is_turned_away
                    FROM refunds AS refund
                    LEFT JOIN (
                        SELECT entry.refund_id, line.currency,
                               -sum(line.amount_cents) FILTER (
                                   WHERE entry.kind = 'refund_accepted' AND account.kind = 'refunds_clearing'
                               ) AS accepted,
                               sum(line.amount_cents) FILTER (
                                   WHERE entry.kind = 'refund_accepted' AND account.kind = 'platform_fees') AS fee,
                               -sum(line.amount_cents) FILTER (
                                   WHERE entry.kind = 'refund' AND account.kind = 'provider_clearing') AS paid,
                               sum(line.amount_cents) FILTER (
                                   WHERE entry.kind = 'correction' AND account.kind = 'refunds_clearing') AS reversed
                        FROM journal_entries AS entry
                        JOIN journal_lines AS line ON line.entry_id = entry.id
                        JOIN ledger_accounts AS account ON account.id = line.account_id
                        WHERE entry.refund_id IS NOT NULL GROUP BY entry.refund_id, line.currency
                    ) AS booked ON booked.refund_id = refund.id AND booked.currency = refund.currency
                ) AS refund
                WHERE accepted <> CASE WHEN is_turned_away THEN 0 ELSE amount_cents END
                   OR fee <> CASE WHEN is_turned_away THEN 0 ELSE coalesce(returned_fee_cents, 0) END
                   OR paid <> CASE status WHEN 'succeeded' THEN amount_cents ELSE 0 END
                   OR reversed <> CASE failure_reason WHEN 'provider_refused' THEN amount_cents ELSE 0 END
                """),
        InvariantCheck(
            4, "the ledger has no refund that nobody asked for", in: .payments,
            sql: """
                SELECT format('entry %s (%s), refund %s, charge %s', entry.id, entry.kind,
                              coalesce(entry.refund_id::text, '-'), coalesce(entry.charge_id::text, '-'))
                FROM journal_entries AS entry
                LEFT JOIN refunds AS refund ON refund.id = entry.refund_id AND refund.charge_id = entry.charge_id
                     AND refund.order_id = entry.order_id
                WHERE (entry.kind IN ('refund_accepted', 'refund') OR entry.refund_id IS NOT NULL) AND refund.id IS NULL
                """),
        InvariantCheck(
            5, "what the ledger owes to buyers is going back", in: .payments,
            sql: """
                SELECT format('organisation %s: owed %s, going back %s %s', organization_id, coalesce(owed.cents, 0),
                              coalesce(refund.cents, 0), currency)
                FROM (
                    SELECT account.organization_id, account.currency, -sum(line.amount_cents) AS cents
                    FROM ledger_accounts AS account JOIN journal_lines AS line ON line.account_id = account.id
                    WHERE account.kind = 'refunds_clearing' GROUP BY account.organization_id, account.currency
                ) AS owed
                FULL JOIN (
                    SELECT organization_id, currency, sum(amount_cents) AS cents
                    FROM refunds WHERE status IN ('initiated', 'pending') GROUP BY organization_id, currency
                ) AS refund USING (organization_id, currency)
                WHERE coalesce(owed.cents, 0) <> coalesce(refund.cents, 0)
                """),
        InvariantCheck(
            10, "somebody asks after every undecided refund", in: .payments,
            sql: """
                SELECT format('refund %s of %s %s is %s since %s', refund.id, refund.amount_cents, refund.currency,
                              refund.status, refund.updated_at)
                FROM refunds AS refund
                LEFT JOIN jobs AS job ON coalesce(job.payload->'refund'->>'refundID', job.payload->>'refundID')::uuid
                     = refund.id
                WHERE refund.status IN ('initiated', 'pending') AND job.id IS NULL
                """),
        InvariantCheck(
            2, "no provider contradicts itself about a refund", severity: .warning, in: .payments,
            sql: """
                SELECT format('refund %s of charge %s, %s %s: %s', id, charge_id, amount_cents, currency, anomaly)
                FROM refunds WHERE anomaly IS NOT NULL
                """),
        InvariantCheck(
            2, "the sandbox gave back what it was asked to", in: .sandboxProvider,
            sql: """
                SELECT format('refund %s of %s %s from capture %s: asked for were %s %s from %s, %s',
                              refund.idempotency_key, refund.amount_cents, refund.currency, refund.capture_key,
                              coalesce(ordered.amount_cents, 0), coalesce(ordered.currency, '-'),
                              coalesce(ordered.charge_key::text, '-'), coalesce(ordered.outcome, 'open'))
                FROM refunds AS refund LEFT JOIN refund_orders AS ordered USING (idempotency_key)
                WHERE refund.amount_cents IS DISTINCT FROM ordered.amount_cents
                   OR refund.currency IS DISTINCT FROM ordered.currency
                   OR refund.capture_key IS DISTINCT FROM ordered.charge_key
                   OR ordered.outcome IS DISTINCT FROM 'refunded'
                """),
        InvariantCheck(2, "every refund in the sandbox's book is a refund of that charge", find: unknownReturns),
        InvariantCheck(2, "every refund that succeeded is in the sandbox's book", find: unpaidRefunds),
    ]
}
