-- What was asked under an Idempotency-Key, and what was answered. Kept for 7 days.
-- The platform key's requests belong to the nil UUID.
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL,
    key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    method text NOT NULL,
    path text NOT NULL,
    body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
    -- The id of what the request creates: a repetition gives it the same one.
    resource_id uuid NOT NULL,
    -- running: a gateway is at it, until locked_until at most. free: it ended without an answer worth keeping.
    state text NOT NULL CHECK (state IN ('running', 'free', 'finished')),
    claim_id uuid NOT NULL,
    locked_until timestamptz NOT NULL,
    response_status integer CHECK (response_status BETWEEN 200 AND 499),
    -- Status, headers and body, sealed with AES-256-GCM: an answer may hold a key that is shown once.
    response bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, key),
    CONSTRAINT idempotency_keys_finished_has_a_response CHECK (
        (state = 'finished') = (response_status IS NOT NULL) AND (state = 'finished') = (response IS NOT NULL)
    )
) WITH (fillfactor = 70);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys USING brin (created_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_keys USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE ALL ON idempotency_keys FROM gateway_tenant;
