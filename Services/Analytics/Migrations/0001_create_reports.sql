-- What Ticketing says of occurrences and ticket types, as far as reports name them. Only newer versions are applied.
CREATE TABLE occurrences (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_name text NOT NULL,
    occurrence_name text,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    status text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE occurrences ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrences USING (organization_id = current_setting('app.organization_id')::uuid);

CREATE TABLE ticket_types (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    event_id uuid NOT NULL,
    name text NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX ticket_types_event ON ticket_types (organization_id, event_id);
ALTER TABLE ticket_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_types USING (organization_id = current_setting('app.organization_id')::uuid);

-- The facts: each ticket is sold once and let in for the first time once. Every counter below is a sum over these rows.
CREATE TABLE sales (
    ticket_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    price_cents bigint NOT NULL CHECK (price_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    sold_at timestamptz NOT NULL
);
ALTER TABLE sales ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sales USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON sales FROM analytics, analytics_tenant;

CREATE TABLE admissions (
    ticket_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    -- NULL while neither the scan nor a sale said which type the ticket has.
    ticket_type_id uuid,
    scan_id uuid NOT NULL,
    admitted_at timestamptz NOT NULL
);
ALTER TABLE admissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE admissions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON admissions USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON admissions FROM analytics, analytics_tenant;

-- The counters. A batch locks its occurrences' rows here, in the order of ids, before it adds facts.
CREATE TABLE occurrence_reports (
    occurrence_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    tickets_sold bigint NOT NULL DEFAULT 0 CHECK (tickets_sold >= 0),
    checked_in bigint NOT NULL DEFAULT 0 CHECK (checked_in >= 0)
) WITH (fillfactor = 50);
ALTER TABLE occurrence_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrence_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrence_reports USING (organization_id = current_setting('app.organization_id')::uuid);

CREATE TABLE occurrence_type_reports (
    occurrence_id uuid NOT NULL REFERENCES occurrence_reports (occurrence_id),
    ticket_type_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    -- As the latest sale called it, until the ticket type itself is known.
    name text,
    tickets_sold bigint NOT NULL DEFAULT 0 CHECK (tickets_sold >= 0),
    checked_in bigint NOT NULL DEFAULT 0 CHECK (checked_in >= 0),
    PRIMARY KEY (occurrence_id, ticket_type_id)
) WITH (fillfactor = 50);
ALTER TABLE occurrence_type_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrence_type_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrence_type_reports USING (organization_id = current_setting('app.organization_id')::uuid);

-- Money by currency: amounts of different currencies are never added up.
CREATE TABLE occurrence_revenues (
    occurrence_id uuid NOT NULL REFERENCES occurrence_reports (occurrence_id),
    ticket_type_id uuid NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    organization_id uuid NOT NULL,
    revenue_cents bigint NOT NULL DEFAULT 0 CHECK (revenue_cents >= 0),
    refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
    PRIMARY KEY (occurrence_id, ticket_type_id, currency)
) WITH (fillfactor = 50);
ALTER TABLE occurrence_revenues ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrence_revenues FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrence_revenues USING (organization_id = current_setting('app.organization_id')::uuid);

-- Reports are read by tenants and written by events only.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE
    ON occurrences, ticket_types, sales, admissions, occurrence_reports, occurrence_type_reports, occurrence_revenues
    FROM analytics_tenant;
