-- What Ticketing says of event definitions, as far as reports name and group by them. Only newer versions are applied.
CREATE TABLE events (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    status text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON events FROM analytics_tenant;
