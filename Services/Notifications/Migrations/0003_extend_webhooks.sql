-- Rows of before are brought up to date below, which the owner's own row-level security would forbid.
ALTER TABLE webhook_endpoints NO FORCE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery_logs NO FORCE ROW LEVEL SECURITY;

-- An endpoint that fails: since when, and when it was disabled for it. A secret that was replaced signs beside its
-- successor for a while; `secret_rotation_id` is the request that replaced it, so that a repetition replaces nothing.
-- `last_sequence` is the number of the endpoint's newest delivery.
ALTER TABLE webhook_endpoints
    DROP CONSTRAINT webhook_endpoints_event_types_check,
    ADD CONSTRAINT webhook_endpoints_event_types_check CHECK (
        cardinality(event_types) >= 1
        AND array_position(event_types, NULL) IS NULL
        AND event_types <@ ARRAY[
            'order.completed', 'ticket.issued', 'ticket.checked_in', 'checkout.expired', 'refund.completed',
            'occurrence.canceled', 'webhook_endpoint.disabled']
    ),
    DROP CONSTRAINT webhook_endpoints_disabled_reason_check,
    ADD CONSTRAINT webhook_endpoints_disabled_reason_check CHECK (disabled_reason IN ('gone', 'failing')),
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN failing_since timestamptz,
    ADD COLUMN old_secret text CHECK (old_secret ~ '^whsec_[A-Za-z0-9+/]{32,}={0,2}$'),
    ADD COLUMN old_secret_expires_at timestamptz,
    ADD COLUMN secret_rotation_id uuid,
    ADD COLUMN last_sequence bigint NOT NULL DEFAULT 0 CHECK (last_sequence >= 0);
UPDATE webhook_endpoints SET disabled_at = updated_at WHERE disabled_reason IS NOT NULL;
ALTER TABLE webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_reason_is_dated CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
    ADD CONSTRAINT webhook_endpoints_old_secret_expires CHECK ((old_secret IS NULL) = (old_secret_expires_at IS NULL)),
    ADD CONSTRAINT webhook_endpoints_old_secret_beside_new CHECK (old_secret IS NULL OR secret IS NOT NULL);

ALTER TABLE webhook_events
    DROP CONSTRAINT webhook_events_type_check,
    ADD CONSTRAINT webhook_events_type_check CHECK (type IN (
        'order.completed', 'ticket.issued', 'ticket.checked_in', 'checkout.expired', 'refund.completed',
        'occurrence.canceled', 'webhook_endpoint.disabled'));

-- `sequence` numbers an endpoint's deliveries without gaps. A parked delivery is due, but its endpoint has enough to
-- answer: no job makes the attempt until there is room.
ALTER TABLE webhook_delivery_logs
    ADD COLUMN sequence bigint CHECK (sequence >= 1),
    ADD COLUMN is_parked boolean NOT NULL DEFAULT false,
    -- Where the parked attempt stands in the schedule; NULL for one that somebody asked for.
    ADD COLUMN parked_step integer CHECK (parked_step >= 1),
    ADD CONSTRAINT webhook_delivery_logs_parked_is_pending CHECK (NOT is_parked OR status = 'pending'),
    ADD CONSTRAINT webhook_delivery_logs_step_when_parked CHECK (
        (parked_step IS NOT NULL) = (is_parked AND NOT is_manual));
UPDATE webhook_delivery_logs SET sequence = numbered.sequence
FROM (SELECT id, row_number() OVER (PARTITION BY endpoint_id ORDER BY id) AS sequence FROM webhook_delivery_logs)
    AS numbered
WHERE webhook_delivery_logs.id = numbered.id;
UPDATE webhook_endpoints SET last_sequence = delivered.last_sequence
FROM (SELECT endpoint_id, max(sequence) AS last_sequence FROM webhook_delivery_logs GROUP BY endpoint_id) AS delivered
WHERE webhook_endpoints.id = delivered.endpoint_id;
ALTER TABLE webhook_delivery_logs
    ALTER COLUMN sequence SET NOT NULL,
    ADD CONSTRAINT webhook_delivery_logs_sequence_key UNIQUE (endpoint_id, sequence);

ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery_logs FORCE ROW LEVEL SECURITY;

-- The queue of what waits for room, of one endpoint and of all.
CREATE INDEX webhook_delivery_logs_parked ON webhook_delivery_logs (endpoint_id, next_attempt_at, sequence) WHERE is_parked;
CREATE INDEX webhook_delivery_logs_of_status ON webhook_delivery_logs (endpoint_id, status, id DESC);

-- The log is kept for a while only; events and attempts are still never changed.
CREATE INDEX webhook_delivery_logs_ended ON webhook_delivery_logs (updated_at) WHERE status <> 'pending';
CREATE INDEX webhook_events_created_at ON webhook_events (created_at);
CREATE INDEX webhook_endpoints_old_secret ON webhook_endpoints (old_secret_expires_at) WHERE old_secret IS NOT NULL;
GRANT DELETE ON webhook_events, webhook_delivery_logs, webhook_attempts TO notifications;
