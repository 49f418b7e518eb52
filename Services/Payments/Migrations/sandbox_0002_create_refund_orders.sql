-- What the sandbox was asked to give back, and what it answered. The money itself is in refunds.
CREATE TABLE refund_orders (
    idempotency_key uuid PRIMARY KEY,
    -- What the key is bound to. The charge may be one that the sandbox never saw.
    charge_key uuid NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency text NOT NULL,
    reference text NOT NULL UNIQUE,
    -- How often the refund was ordered.
    calls integer NOT NULL CHECK (calls > 0),
    -- The stored answer; none while every call was refused as unavailable.
    outcome text CHECK (outcome IN ('refunded', 'refused')),
    -- From when on the outcome holds; before, the refund is pending.
    settles_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT refund_orders_outcome_has_a_time CHECK ((outcome IS NULL) = (settles_at IS NULL))
);

CREATE INDEX refund_orders_charge ON refund_orders (charge_key);

ALTER TABLE refunds ADD CONSTRAINT refunds_were_ordered FOREIGN KEY (idempotency_key) REFERENCES refund_orders;

-- What the merchant is told of refunds without asking. Their keys are apart from those of charges: a refund of a whole
-- charge may carry the charge's own key.
CREATE TABLE refund_notifications (
    idempotency_key uuid PRIMARY KEY REFERENCES refund_orders,
    -- When to tell it next.
    due_at timestamptz NOT NULL,
    -- How often it is told in all, and how often it was.
    deliveries integer NOT NULL CHECK (deliveries > 0),
    delivered integer NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND deliveries),
    -- Attempts in a row that the merchant did not take.
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    claimed_until timestamptz
);

CREATE INDEX refund_notifications_due ON refund_notifications (due_at) WHERE delivered < deliveries;
