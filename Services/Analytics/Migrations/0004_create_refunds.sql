-- More facts: each refund happens once, and takes each ticket back once at most. They may arrive before the sales that
-- they undo. A refund of an amount takes no ticket back.
CREATE TABLE refunds (
    refund_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    cause text NOT NULL,
    refunded_at timestamptz NOT NULL
);
ALTER TABLE refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refunds USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON refunds FROM analytics, analytics_tenant;

CREATE TABLE ticket_refunds (
    ticket_id uuid PRIMARY KEY,
    refund_id uuid NOT NULL REFERENCES refunds (refund_id),
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    -- What of the refund is this ticket's.
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$')
);
ALTER TABLE ticket_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_refunds USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON ticket_refunds FROM analytics, analytics_tenant;

-- Their counters. tickets_sold stays the number of sales: a report subtracts the tickets that were refunded.
ALTER TABLE occurrence_reports
    ADD COLUMN tickets_refunded bigint NOT NULL DEFAULT 0 CHECK (tickets_refunded >= 0);
ALTER TABLE occurrence_type_reports
    ADD COLUMN tickets_refunded bigint NOT NULL DEFAULT 0 CHECK (tickets_refunded >= 0);

-- The sum of an occurrence's refunds. occurrence_revenues.refunded_cents sums up what was refunded for tickets of one
-- type, which leaves out refunds of an amount.
CREATE TABLE occurrence_refunds (
    occurrence_id uuid NOT NULL REFERENCES occurrence_reports (occurrence_id),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    organization_id uuid NOT NULL,
    refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
    PRIMARY KEY (occurrence_id, currency)
) WITH (fillfactor = 50);
ALTER TABLE occurrence_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrence_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrence_refunds USING (organization_id = current_setting('app.organization_id')::uuid);

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON refunds, ticket_refunds, occurrence_refunds FROM analytics_tenant;

-- The activity stream tells of refunds and cancellations, too.
ALTER TABLE analytics_events DROP CONSTRAINT analytics_events_name_check;
ALTER TABLE analytics_events ADD CONSTRAINT analytics_events_name_check
    CHECK (name IN ('start_checkout', 'checkout_success', 'refund_success', 'occurrence_canceled'));
