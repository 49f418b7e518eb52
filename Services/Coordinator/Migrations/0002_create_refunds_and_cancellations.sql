-- A saga asks again for an answer that is overdue.
ALTER TABLE checkout_timers DROP CONSTRAINT checkout_timers_kind_check;
ALTER TABLE checkout_timers ADD CONSTRAINT checkout_timers_kind_check CHECK (kind IN ('hold_end', 'answer_due'));
-- A timer that is asked for again moves, also when it is a buyer's request that asks.
GRANT UPDATE (due_at) ON checkout_timers TO coordinator_tenant;
-- Where a cancellation finds the checkouts of its occurrence. Neither column ever changes, so that updates stay HOT.
CREATE INDEX checkouts_occurrence ON checkouts (occurrence_id, id);

-- Refunds of orders: one row a saga.
CREATE TABLE refunds (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    checkout_id uuid NOT NULL REFERENCES checkouts (id),
    occurrence_id uuid NOT NULL,
    cause text NOT NULL CHECK (cause IN ('requested', 'occurrence_canceled')),
    state text NOT NULL CHECK (state IN (
        'requested', 'refunding', 'pending', 'completing', 'completed', 'refused', 'failed')),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    saga jsonb NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX refunds_occurrence ON refunds (occurrence_id);
CREATE INDEX refunds_order ON refunds (order_id);

ALTER TABLE refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refunds USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON refunds FROM coordinator, coordinator_tenant;

CREATE TABLE refund_history (
    refund_id uuid NOT NULL REFERENCES refunds (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('changed', 'noted', 'unexpected')),
    facts jsonb NOT NULL,
    PRIMARY KEY (refund_id, sequence)
);
CREATE INDEX refund_history_unexpected ON refund_history (at) WHERE outcome = 'unexpected';

ALTER TABLE refund_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refund_history USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON refund_history FROM coordinator, coordinator_tenant;

CREATE TABLE refund_timers (
    refund_id uuid NOT NULL REFERENCES refunds (id),
    kind text NOT NULL CHECK (kind IN ('answer_due')),
    organization_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (refund_id, kind)
);
CREATE INDEX refund_timers_due ON refund_timers (due_at);

ALTER TABLE refund_timers ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund_timers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refund_timers USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON refund_timers FROM coordinator_tenant;

-- Cancellations of occurrences: one row a saga, under the occurrence's id.
CREATE TABLE cancellations (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('refunding', 'completed', 'incomplete')),
    saga jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

ALTER TABLE cancellations ENABLE ROW LEVEL SECURITY;
ALTER TABLE cancellations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cancellations USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON cancellations FROM coordinator_tenant;
REVOKE DELETE, TRUNCATE ON cancellations FROM coordinator;

CREATE TABLE cancellation_history (
    occurrence_id uuid NOT NULL REFERENCES cancellations (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('changed', 'noted', 'unexpected')),
    facts jsonb NOT NULL,
    PRIMARY KEY (occurrence_id, sequence)
);

ALTER TABLE cancellation_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE cancellation_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cancellation_history USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON cancellation_history FROM coordinator_tenant;
REVOKE UPDATE, DELETE, TRUNCATE ON cancellation_history FROM coordinator;

CREATE TABLE cancellation_timers (
    occurrence_id uuid NOT NULL REFERENCES cancellations (id),
    kind text NOT NULL CHECK (kind IN ('step')),
    organization_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (occurrence_id, kind)
);
CREATE INDEX cancellation_timers_due ON cancellation_timers (due_at);

ALTER TABLE cancellation_timers ENABLE ROW LEVEL SECURITY;
ALTER TABLE cancellation_timers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cancellation_timers USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON cancellation_timers FROM coordinator_tenant;

-- What a saga cannot mend by itself. Open as long as resolved_at is null.
CREATE TABLE incidents (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    saga text NOT NULL CHECK (saga IN ('checkout', 'refund', 'cancellation')),
    saga_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'answer_overdue', 'charge_undecided', 'refund_undecided', 'refund_failed', 'refunded_after_failure',
        'unknown_charge', 'cancellation_incomplete', 'unreadable')),
    detail text NOT NULL,
    raised_at timestamptz NOT NULL,
    resolved_at timestamptz CHECK (resolved_at >= raised_at),
    -- What the operator has done about it; null when the saga moved on by itself.
    resolution text
);
CREATE UNIQUE INDEX incidents_open ON incidents (saga_id, saga, kind) WHERE resolved_at IS NULL;

ALTER TABLE incidents ENABLE ROW LEVEL SECURITY;
ALTER TABLE incidents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incidents USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON incidents FROM coordinator, coordinator_tenant;
