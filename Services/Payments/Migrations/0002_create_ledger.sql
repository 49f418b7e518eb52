-- The double-entry ledger (seed A, 5.3 and 5.4). Positive amounts are debits, negative ones credits.
CREATE TABLE ledger_accounts (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('provider_clearing', 'organizer_payable', 'platform_fees', 'refunds_clearing')
    ),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz NOT NULL,
    CONSTRAINT ledger_accounts_one_of_each UNIQUE (organization_id, kind, currency),
    CONSTRAINT ledger_accounts_organization_id_id_currency_key UNIQUE (organization_id, id, currency)
);

CREATE TABLE journal_entries (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid,
    charge_id uuid,
    kind text NOT NULL CHECK (kind IN ('charge_captured', 'refund', 'correction')),
    description text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT journal_entries_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT journal_entries_charge FOREIGN KEY (organization_id, charge_id)
        REFERENCES transactions (organization_id, id),
    CONSTRAINT journal_entries_capture_has_a_charge CHECK (kind <> 'charge_captured' OR charge_id IS NOT NULL)
);

-- One capture is one entry, whoever reports it and however often.
CREATE UNIQUE INDEX journal_entries_one_per_capture ON journal_entries (charge_id) WHERE kind = 'charge_captured';
CREATE INDEX journal_entries_order ON journal_entries (organization_id, order_id, id);
CREATE INDEX journal_entries_charge ON journal_entries (charge_id);

CREATE TABLE journal_lines (
    organization_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    position smallint NOT NULL CHECK (position >= 1),
    account_id uuid NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    currency text NOT NULL,
    PRIMARY KEY (entry_id, position),
    CONSTRAINT journal_lines_entry_of_the_organization FOREIGN KEY (organization_id, entry_id)
        REFERENCES journal_entries (organization_id, id),
    CONSTRAINT journal_lines_account_of_the_organization_and_currency
        FOREIGN KEY (organization_id, account_id, currency)
        REFERENCES ledger_accounts (organization_id, id, currency)
);

-- Balances are sums, answered from this index alone.
CREATE INDEX journal_lines_balance ON journal_lines (organization_id, account_id) INCLUDE (amount_cents);

-- An entry is judged at commit, when all of its lines are there.
CREATE FUNCTION refuse_unbalanced_entry(entry uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line_count bigint;
    is_balanced boolean;
BEGIN
    SELECT coalesce(sum(lines), 0), coalesce(bool_and(total = 0), false)
    INTO line_count, is_balanced
    FROM (
        SELECT count(*) AS lines, sum(amount_cents) AS total
        FROM journal_lines
        WHERE entry_id = entry
        GROUP BY currency
    ) AS per_currency;
    IF line_count < 2 OR NOT is_balanced THEN
        RAISE EXCEPTION 'journal entry % does not balance', entry
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
    END IF;
END
$$;

CREATE FUNCTION check_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unbalanced_entry(NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION check_journal_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unbalanced_entry(NEW.entry_id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER journal_entry_balances AFTER INSERT ON journal_entries
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_entry();

CREATE CONSTRAINT TRIGGER journal_line_balances AFTER INSERT ON journal_lines
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_line();

-- What is written stays: corrections are new entries.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_accounts, journal_entries, journal_lines FROM payments, payments_tenant;
REVOKE INSERT ON ledger_accounts, journal_entries, journal_lines FROM payments_tenant;

ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_accounts USING (organization_id = current_setting('app.organization_id')::uuid);
ALTER TABLE journal_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON journal_entries USING (organization_id = current_setting('app.organization_id')::uuid);
ALTER TABLE journal_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON journal_lines USING (organization_id = current_setting('app.organization_id')::uuid);
