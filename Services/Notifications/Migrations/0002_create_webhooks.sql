-- Where organisations want to hear of what happens (seed A, 8.1 WebhookEndpoint). The slot makes 20 the most that one
-- organisation has. A deleted endpoint stays, so that its id is not used again, but its secret goes.
CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 1 AND 20),
    url text NOT NULL CHECK (url ~* '^https?://' AND char_length(url) <= 2048),
    event_types text[] NOT NULL CHECK (
        cardinality(event_types) >= 1
        AND array_position(event_types, NULL) IS NULL
        AND event_types <@ ARRAY[
            'order.completed', 'ticket.issued', 'ticket.checked_in', 'checkout.expired', 'refund.completed',
            'occurrence.canceled']
    ),
    status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
    -- Why it is disabled, when it was not its owner's wish.
    disabled_reason text CHECK (disabled_reason IN ('gone')),
    secret text CHECK (secret ~ '^whsec_[A-Za-z0-9+/]{32,}={0,2}$'),
    secret_created_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT webhook_endpoints_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT webhook_endpoints_secret_until_deletion CHECK ((secret IS NULL) = (deleted_at IS NOT NULL)),
    CONSTRAINT webhook_endpoints_deleted_is_disabled CHECK (deleted_at IS NULL OR status = 'disabled'),
    CONSTRAINT webhook_endpoints_reason_when_disabled CHECK (disabled_reason IS NULL OR status = 'disabled')
);

CREATE UNIQUE INDEX webhook_endpoints_slot ON webhook_endpoints (organization_id, slot) WHERE deleted_at IS NULL;

ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_endpoints USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON webhook_endpoints FROM notifications, notifications_tenant;

-- What is told (seed A, 8.2 WebhookEvent): once for each thing that happened to an object. The payload is the exact text
-- that is signed and sent, which jsonb would not keep.
CREATE TABLE webhook_events (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    type text NOT NULL CHECK (type IN (
        'order.completed', 'ticket.issued', 'ticket.checked_in', 'checkout.expired', 'refund.completed',
        'occurrence.canceled')),
    -- The order, ticket, checkout, refund or occurrence that the event is about.
    object_id uuid NOT NULL,
    source_message_id uuid NOT NULL,
    payload text NOT NULL CHECK (payload <> ''),
    created_at timestamptz NOT NULL,
    CONSTRAINT webhook_events_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT webhook_events_once_per_object UNIQUE (organization_id, type, object_id)
);

ALTER TABLE webhook_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_events USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON webhook_events FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON webhook_events FROM notifications_tenant;

-- An event on its way to an endpoint (seed A, 8.3 WebhookDeliveryLog). `serial` numbers the jobs that were made for it:
-- only the newest one may move it. fillfactor: a row is updated with every attempt.
CREATE TABLE webhook_delivery_logs (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    event_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'exhausted')),
    serial integer NOT NULL DEFAULT 1 CHECK (serial >= 1),
    attempt_count integer NOT NULL DEFAULT 0 CHECK (attempt_count >= 0),
    -- Whether the pending attempt is one that somebody asked for.
    is_manual boolean NOT NULL DEFAULT false,
    next_attempt_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    FOREIGN KEY (organization_id, event_id) REFERENCES webhook_events (organization_id, id),
    FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoints (organization_id, id),
    CONSTRAINT webhook_delivery_logs_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT webhook_delivery_logs_once_per_endpoint UNIQUE (event_id, endpoint_id),
    CONSTRAINT webhook_delivery_logs_pending_has_a_time CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT webhook_delivery_logs_manual_is_pending CHECK (NOT is_manual OR status = 'pending')
) WITH (fillfactor = 80);

CREATE INDEX webhook_delivery_logs_of_endpoint ON webhook_delivery_logs (endpoint_id, id DESC);
CREATE INDEX webhook_delivery_logs_pending ON webhook_delivery_logs (endpoint_id) WHERE status = 'pending';

ALTER TABLE webhook_delivery_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_delivery_logs USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON webhook_delivery_logs FROM notifications;
REVOKE INSERT, DELETE, TRUNCATE ON webhook_delivery_logs FROM notifications_tenant;

-- Every try at delivering. Attempts are facts: added, never changed.
CREATE TABLE webhook_attempts (
    delivery_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    organization_id uuid NOT NULL,
    attempted_at timestamptz NOT NULL,
    -- NULL when no answer came; then the error says why.
    status_code integer,
    error text,
    duration_milliseconds integer NOT NULL CHECK (duration_milliseconds >= 0),
    -- The beginning of the answer.
    response_body text CHECK (char_length(response_body) <= 16384),
    PRIMARY KEY (delivery_id, number),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES webhook_delivery_logs (organization_id, id),
    CONSTRAINT webhook_attempts_answer_or_error CHECK ((status_code IS NULL) = (error IS NOT NULL))
);

ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_attempts USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON webhook_attempts FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON webhook_attempts FROM notifications_tenant;
