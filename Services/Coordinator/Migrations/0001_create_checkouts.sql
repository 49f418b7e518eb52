-- Checkouts: one row a saga. `saga` is the whole value; the columns beside it are what queries and checks need.
-- fillfactor: every checkout is updated three to five times within minutes; the room keeps those updates on the page
-- (HOT), which is also why nothing that changes is indexed.
CREATE TABLE checkouts (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    order_id uuid NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN (
        'holding', 'awaiting_payment', 'paying', 'confirming', 'completed', 'sold_out', 'canceled', 'expired',
        'refunding', 'refunded')),
    -- The charge that counts: in flight, captured, or the last one that failed.
    charge_id uuid,
    saga jsonb NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (charge_id IS NOT NULL OR state NOT IN ('paying', 'refunding', 'refunded'))
) WITH (fillfactor = 60);

ALTER TABLE checkouts ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkouts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON checkouts USING (organization_id = current_setting('app.organization_id')::uuid);

-- What happened to each checkout. Lines are never changed or removed.
CREATE TABLE checkout_history (
    checkout_id uuid NOT NULL REFERENCES checkouts (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- The state after it.
    state text NOT NULL,
    message text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('changed', 'noted', 'unexpected')),
    facts jsonb NOT NULL,
    PRIMARY KEY (checkout_id, sequence)
);

ALTER TABLE checkout_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkout_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON checkout_history USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON checkout_history FROM coordinator, coordinator_tenant;

-- What must not be: the place where an operator looks for sagas that heard something impossible.
CREATE INDEX checkout_history_unexpected ON checkout_history (at) WHERE outcome = 'unexpected';

-- Timers: removed when they fire, never when they stop to matter.
CREATE TABLE checkout_timers (
    checkout_id uuid NOT NULL REFERENCES checkouts (id),
    kind text NOT NULL CHECK (kind IN ('hold_end')),
    organization_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (checkout_id, kind)
);
CREATE INDEX checkout_timers_due ON checkout_timers (due_at);

ALTER TABLE checkout_timers ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkout_timers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON checkout_timers USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON checkout_timers FROM coordinator_tenant;
