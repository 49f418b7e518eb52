-- Charges (seed A, 5.1 Transaction). A row is written before the provider is called and never deleted.
CREATE TABLE transactions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    checkout_id uuid NOT NULL,
    order_id uuid NOT NULL,
    correlation_id uuid,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    provider text NOT NULL CHECK (provider <> ''),
    token text,
    hold_expires_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('initiated', 'pending', 'succeeded', 'failed')),
    provider_reference text,
    failure_reason text CHECK (
        failure_reason IN ('declined', 'insufficient_funds', 'invalid_token', 'unknown_provider', 'provider_error')
    ),
    failure_detail text,
    anomaly text CHECK (anomaly IN ('second_capture', 'captured_after_failure', 'denied_after_capture')),
    metadata jsonb NOT NULL DEFAULT '{}',
    captured_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT transactions_organization_id_id_key UNIQUE (organization_id, id),
    -- The provider's token is kept for as long as it may be needed, and no longer.
    CONSTRAINT transactions_token_until_the_end CHECK ((token IS NULL) = (status IN ('succeeded', 'failed'))),
    CONSTRAINT transactions_capture_is_known CHECK (
        (status = 'succeeded') = (captured_at IS NOT NULL)
        AND (status <> 'succeeded' OR provider_reference IS NOT NULL)
    ),
    CONSTRAINT transactions_failure_has_a_reason CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
    CONSTRAINT transactions_only_captures_are_anomalous CHECK (anomaly IS NULL OR status = 'succeeded')
);

CREATE INDEX transactions_order_id ON transactions (order_id);

-- A second capture of one order is kept, but only under its mark.
CREATE UNIQUE INDEX transactions_one_capture_per_order ON transactions (order_id)
WHERE status = 'succeeded' AND anomaly IS DISTINCT FROM 'second_capture';

CREATE UNIQUE INDEX transactions_provider_reference ON transactions (provider, provider_reference)
WHERE provider_reference IS NOT NULL;

ALTER TABLE transactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE transactions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transactions USING (organization_id = current_setting('app.organization_id')::uuid);

REVOKE DELETE, TRUNCATE ON transactions FROM payments;
-- No request reads charges, and their tokens are nobody's business.
REVOKE ALL ON transactions FROM payments_tenant;
