-- What goes back of a charge (refunds under way) and what went back. Derived from the refunds below, moved under the
-- row lock of the charge: together they never exceed what was captured.
ALTER TABLE transactions
ADD COLUMN refunding_cents bigint NOT NULL DEFAULT 0 CHECK (refunding_cents >= 0),
ADD COLUMN refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
ADD CONSTRAINT transactions_gives_back_what_it_took CHECK (
    refunding_cents + refunded_cents <= CASE WHEN status = 'succeeded' THEN amount_cents ELSE 0 END
);

-- Refunds (seed A, 5.2). A row is written before the provider is called and never deleted; one that was refused at once
-- stays too, so that it stays refused.
CREATE TABLE refunds (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    checkout_id uuid NOT NULL,
    order_id uuid NOT NULL,
    correlation_id uuid,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    purpose text NOT NULL CHECK (purpose IN ('order', 'useless_capture')),
    -- The charge's provider; none when there is no such charge.
    provider text CHECK (provider <> ''),
    -- What of the platform's fee this refund returns; null when the platform keeps it.
    returned_fee_cents bigint CHECK (returned_fee_cents BETWEEN 0 AND amount_cents),
    status text NOT NULL CHECK (status IN ('initiated', 'pending', 'succeeded', 'failed')),
    provider_reference text,
    failure_reason text CHECK (failure_reason IN ('provider_refused', 'exceeds_charge', 'unknown_charge')),
    failure_detail text,
    anomaly text CHECK (anomaly IN ('refunded_after_failure', 'denied_after_refund')),
    metadata jsonb NOT NULL DEFAULT '{}',
    refunded_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- The charge that the money comes from; none when there is no such charge.
    known_charge_id uuid GENERATED ALWAYS AS (
        CASE WHEN failure_reason IS DISTINCT FROM 'unknown_charge' THEN charge_id END
    ) STORED,
    CONSTRAINT refunds_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT refunds_charge_of_the_organization FOREIGN KEY (organization_id, known_charge_id)
        REFERENCES transactions (organization_id, id),
    CONSTRAINT refunds_provider_of_a_known_charge CHECK ((provider IS NULL) = (known_charge_id IS NULL)),
    CONSTRAINT refunds_success_is_known CHECK (
        (status = 'succeeded') = (refunded_at IS NOT NULL)
        AND (status <> 'succeeded' OR provider_reference IS NOT NULL)
    ),
    CONSTRAINT refunds_failure_has_a_reason CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
    CONSTRAINT refunds_only_ended_ones_are_anomalous CHECK (
        anomaly IS NULL OR status = CASE anomaly WHEN 'denied_after_refund' THEN 'succeeded' ELSE 'failed' END
    )
);

CREATE INDEX refunds_charge ON refunds (charge_id);
CREATE INDEX refunds_order ON refunds (organization_id, order_id);

CREATE UNIQUE INDEX refunds_provider_reference ON refunds (provider, provider_reference)
WHERE provider_reference IS NOT NULL;

ALTER TABLE refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refunds USING (organization_id = current_setting('app.organization_id')::uuid);

REVOKE DELETE, TRUNCATE ON refunds FROM payments;
-- No request reads refunds here: readers ask the Coordinator.
REVOKE ALL ON refunds FROM payments_tenant;

-- A refund is booked when it is accepted (refund_accepted), and again when the money is back (refund) or stays after
-- all (correction): one entry of each kind, whoever reports it and however often.
ALTER TABLE journal_entries
ADD COLUMN refund_id uuid,
DROP CONSTRAINT journal_entries_kind_check,
ADD CONSTRAINT journal_entries_kind_check CHECK (
    kind IN ('charge_captured', 'refund_accepted', 'refund', 'correction')
),
ADD CONSTRAINT journal_entries_refund FOREIGN KEY (organization_id, refund_id)
    -- No entry names a refund yet, and row-level security lets the owner see none.
    REFERENCES refunds (organization_id, id) NOT VALID,
ADD CONSTRAINT journal_entries_refund_is_named CHECK (
    kind NOT IN ('refund_accepted', 'refund') OR refund_id IS NOT NULL
);

CREATE UNIQUE INDEX journal_entries_one_of_a_kind_per_refund ON journal_entries (refund_id, kind)
WHERE refund_id IS NOT NULL;
