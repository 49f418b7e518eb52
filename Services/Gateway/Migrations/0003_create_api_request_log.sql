-- Every request with a recognised key (seed A, 12.2): who called what, and how it ended. No bodies, no queries, no keys.
CREATE TABLE api_request_log (
    -- The X-Request-Id of the answer.
    id uuid PRIMARY KEY,
    organization_id uuid,
    api_key_id uuid,
    method text NOT NULL,
    -- The route, such as /v1/events/{id}.
    route text NOT NULL,
    status integer NOT NULL CHECK (status BETWEEN 100 AND 599),
    problem text,
    trace_id text NOT NULL,
    duration_microseconds bigint NOT NULL CHECK (duration_microseconds >= 0),
    requested_at timestamptz NOT NULL
);
CREATE INDEX api_request_log_requested_at ON api_request_log USING brin (requested_at);
ALTER TABLE api_request_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_request_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_request_log USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, TRUNCATE ON api_request_log FROM gateway;
REVOKE ALL ON api_request_log FROM gateway_tenant;
