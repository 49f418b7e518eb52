extension InvariantCheck {
    /// Invariant 4: the ledger balances, is complete, and nobody can rewrite it.
    static let ledger = [
        InvariantCheck(
            4, "every journal entry sums to zero per currency", in: .payments,
            sql: """
                SELECT format('entry %s: %s %s', entry_id, sum(amount_cents), currency)
                FROM journal_lines GROUP BY entry_id, currency HAVING sum(amount_cents) <> 0
                """),
        InvariantCheck(
            4, "every journal entry has at least two lines", in: .payments,
            sql: """
                SELECT format('entry %s has %s', entry.id, count(line.entry_id))
                FROM journal_entries AS entry LEFT JOIN journal_lines AS line ON line.entry_id = entry.id
                GROUP BY entry.id HAVING count(line.entry_id) < 2
                """),
        InvariantCheck(
            4, "every captured charge is in the ledger once and in full", in: .payments,
            sql: """
                SELECT format('charge %s of %s %s: the ledger has %s in %s entries', charge.id, charge.amount_cents,
                              charge.currency, coalesce(booked.cents, 0), coalesce(booked.entries, 0))
                FROM transactions AS charge
                LEFT JOIN (
                    SELECT entry.charge_id, account.currency, sum(line.amount_cents) AS cents,
                           count(DISTINCT entry.id) AS entries
                    FROM journal_entries AS entry
                    JOIN journal_lines AS line ON line.entry_id = entry.id
                    JOIN ledger_accounts AS account ON account.id = line.account_id
                    WHERE entry.kind = 'charge_captured' AND account.kind = 'provider_clearing'
                    GROUP BY entry.charge_id, account.currency
                ) AS booked ON booked.charge_id = charge.id AND booked.currency = charge.currency
                WHERE charge.status = 'succeeded'
                  AND (booked.cents IS DISTINCT FROM charge.amount_cents OR booked.entries IS DISTINCT FROM 1)
                """),
        InvariantCheck(
            4, "the ledger has no capture that no charge made", in: .payments,
            sql: """
                SELECT format('entry %s, charge %s, order %s', entry.id, entry.charge_id, entry.order_id)
                FROM journal_entries AS entry
                LEFT JOIN transactions AS charge ON charge.id = entry.charge_id AND charge.status = 'succeeded'
                     AND charge.order_id = entry.order_id
                WHERE entry.kind = 'charge_captured' AND charge.id IS NULL
                """),
        InvariantCheck(
            4, "the ledger's guards are on", in: .payments,
            sql: """
                SELECT format('%s on %s is %s', guard.name, guard.table_name,
                              CASE WHEN trigger.oid IS NULL THEN 'missing' ELSE 'off' END)
                FROM (VALUES ('append_only', 'ledger_accounts'), ('append_only', 'journal_entries'),
                             ('append_only', 'journal_lines'), ('journal_entry_balances', 'journal_entries'),
                             ('journal_line_balances', 'journal_lines')) AS guard (name, table_name)
                LEFT JOIN pg_trigger AS trigger
                     ON trigger.tgname = guard.name AND trigger.tgrelid = to_regclass(guard.table_name)
                WHERE trigger.oid IS NULL OR trigger.tgenabled NOT IN ('O', 'A')
                """),
    ]
}
