-- The sandbox provider's own book, in a database of its own: the outside witness of what was captured and refunded.
-- It knows nothing of tenants or orders; its keys are the idempotency keys it was called with.
CREATE TABLE charges (
    idempotency_key uuid PRIMARY KEY,
    -- What the key is bound to. Unknown only for a key that was called off before it was ever used.
    amount_cents bigint CHECK (amount_cents > 0),
    currency text,
    token text,
    reference text NOT NULL UNIQUE,
    -- How often the charge was ordered.
    calls integer NOT NULL CHECK (calls >= 0),
    -- The stored answer; none while every call was refused as unavailable.
    outcome text CHECK (outcome IN ('captured', 'declined', 'insufficient_funds', 'invalid_token', 'canceled')),
    -- From when on the outcome holds; before, the charge is pending.
    settles_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT charges_outcome_has_a_time CHECK ((outcome IS NULL) = (settles_at IS NULL)),
    CONSTRAINT charges_key_is_bound CHECK (
        outcome = 'canceled' OR (amount_cents IS NOT NULL AND currency IS NOT NULL AND token IS NOT NULL)
    )
);

-- Money taken. A row is written when the charge's time has come, and stays.
CREATE TABLE captures (
    idempotency_key uuid PRIMARY KEY REFERENCES charges,
    reference text NOT NULL UNIQUE,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency text NOT NULL,
    captured_at timestamptz NOT NULL
);

-- Money given back.
CREATE TABLE refunds (
    idempotency_key uuid PRIMARY KEY,
    capture_key uuid NOT NULL REFERENCES captures,
    reference text NOT NULL UNIQUE,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency text NOT NULL,
    refunded_at timestamptz NOT NULL
);

CREATE INDEX refunds_capture ON refunds (capture_key);

-- What the merchant is told without asking.
CREATE TABLE notifications (
    idempotency_key uuid PRIMARY KEY REFERENCES charges,
    -- When to tell it next.
    due_at timestamptz NOT NULL,
    -- How often it is told in all, and how often it was.
    deliveries integer NOT NULL CHECK (deliveries > 0),
    delivered integer NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND deliveries),
    -- Attempts in a row that the merchant did not take.
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    claimed_until timestamptz
);

CREATE INDEX notifications_due ON notifications (due_at) WHERE delivered < deliveries;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON captures
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refunds
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
