-- What Ticketing says of the occurrences, as far as gates need it. Only newer versions are applied.
CREATE TABLE occurrences (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    admission_opens_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('scheduled', 'confirmed', 'in_progress', 'completed', 'canceled')),
    event_status text NOT NULL CHECK (event_status IN ('draft', 'active', 'paused', 'archived')),
    -- Ed25519.
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    -- What the occurrence's ticket codes name it by.
    code_tag bytea NOT NULL GENERATED ALWAYS AS (substring(uuid_send(id) FROM 9)) STORED,
    version bigint NOT NULL
);
CREATE INDEX occurrences_code_tag ON occurrences (organization_id, code_tag);

ALTER TABLE occurrences ENABLE ROW LEVEL SECURITY;
ALTER TABLE occurrences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON occurrences USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON occurrences FROM scanning_tenant;

-- The gates' own index of valid tickets. Names are NULL while only the ticket's code is known. `movements` counts in
-- and out taken together, so that odd is inside. fillfactor: a ticket is updated with each movement.
CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    order_id uuid,
    ticket_type_id uuid,
    ticket_type_name text,
    holder_name text,
    public_id text,
    revision integer NOT NULL CHECK (revision BETWEEN 0 AND 65535),
    status text NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'revoked')),
    movements integer NOT NULL DEFAULT 0 CHECK (movements >= 0),
    is_inside boolean NOT NULL GENERATED ALWAYS AS (movements % 2 = 1) STORED,
    first_admitted_at timestamptz,
    CHECK ((movements = 0) = (first_admitted_at IS NULL))
) WITH (fillfactor = 70);

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tickets USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON tickets FROM scanning_tenant;

-- Every attempt with its answer. Scans are facts: added, never changed. Ids are the scanners' own, so that they are
-- unique within an organisation only.
CREATE TABLE scans (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    -- NULL when the code names none.
    ticket_id uuid,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    result text NOT NULL CHECK (result IN (
        'admitted', 'already_admitted', 'exited', 'not_inside', 'unknown_code', 'wrong_occurrence', 'not_open_yet',
        'closed', 'revoked')),
    gate_id uuid,
    scanned_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    -- SHA-256 of the code: the code itself would let its reader in.
    code_hash bytea NOT NULL,
    answer jsonb NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK (ticket_id IS NOT NULL OR result = 'unknown_code')
);

ALTER TABLE scans ENABLE ROW LEVEL SECURITY;
ALTER TABLE scans FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON scans USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON scans FROM scanning, scanning_tenant;

-- Who went through a gate. The sequence of a ticket alternates between in and out, so that no
-- ticket admits twice without an exit, whatever the code above does.
CREATE TABLE in_out_events (
    ticket_id uuid NOT NULL REFERENCES tickets (id),
    sequence integer NOT NULL CHECK (sequence >= 1),
    organization_id uuid NOT NULL,
    direction text NOT NULL,
    scan_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, sequence),
    FOREIGN KEY (organization_id, scan_id) REFERENCES scans (organization_id, id),
    CHECK (direction = CASE sequence % 2 WHEN 1 THEN 'in' ELSE 'out' END)
);

ALTER TABLE in_out_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE in_out_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON in_out_events USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON in_out_events FROM scanning, scanning_tenant;
