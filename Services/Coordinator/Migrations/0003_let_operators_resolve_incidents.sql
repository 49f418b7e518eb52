-- The operator's tool reads everything and writes nothing but this: that an incident is resolved, when, and how. Its role
-- bypasses row-level security, since incidents of every organisation are its business. A server without that role has no
-- such tool.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'voelgoed_operator') THEN
        GRANT UPDATE (resolved_at, resolution) ON incidents TO voelgoed_operator;
    END IF;
END
$$;

-- How it was resolved is a fact: told once, and not by nobody.
ALTER TABLE incidents ADD CONSTRAINT incidents_resolution_of_a_resolved_one CHECK (
    resolution IS NULL OR resolved_at IS NOT NULL AND length(resolution) BETWEEN 1 AND 2000);
CREATE FUNCTION refuse_resolved_incident_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'incident % is resolved', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'incidents_are_resolved_once';
END
$$;
CREATE TRIGGER incidents_are_resolved_once BEFORE UPDATE ON incidents
    FOR EACH ROW WHEN (OLD.resolved_at IS NOT NULL) EXECUTE FUNCTION refuse_resolved_incident_change();
