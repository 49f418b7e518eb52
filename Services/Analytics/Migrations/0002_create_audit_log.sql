-- Who did what (seed A, 11.1). Append-only, for everybody: the trigger also stops the tables' owner.
CREATE TABLE audit_log (
    -- A version 7 UUID: its order is the order of time.
    id uuid PRIMARY KEY,
    -- NULL for what the platform did outside of any organisation.
    organization_id uuid,
    actor_kind text NOT NULL CHECK (actor_kind IN ('api_key', 'platform_key', 'service')),
    actor_id text NOT NULL,
    actor_name text,
    action text NOT NULL,
    resource_type text NOT NULL,
    resource_id text,
    status integer NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX audit_log_newest ON audit_log (organization_id, id DESC);

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM analytics, analytics_tenant;
REVOKE INSERT ON audit_log FROM analytics_tenant;

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The raw activity stream (seed A, 7.1), each kind once for each subject.
CREATE TABLE analytics_events (
    subject_id uuid NOT NULL,
    name text NOT NULL CHECK (name IN ('start_checkout', 'checkout_success')),
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, name)
);
ALTER TABLE analytics_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON analytics_events USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON analytics_events FROM analytics, analytics_tenant;
REVOKE INSERT ON analytics_events FROM analytics_tenant;
