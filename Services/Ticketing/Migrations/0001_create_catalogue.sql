-- What the Gateway says of organisations, as far as selling depends on it. Only newer versions are applied.
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    plan text NOT NULL,
    version bigint NOT NULL
);

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations USING (id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON organizations FROM ticketing_tenant;

-- Seed B, EventDefinition. Never deleted, only archived. Lists go by (organization_id, id): an organisation has too few
-- events for indexes on account, status or category to pay.
CREATE TABLE event_definitions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    account_id uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
    description text,
    category text NOT NULL CHECK (category IN (
        'tour', 'activity', 'class', 'workshop', 'dining', 'wellness', 'cultural', 'adventure', 'entertainment', 'other')),
    event_type text NOT NULL CHECK (event_type IN ('one_time', 'recurring', 'multi_day')),
    duration_minutes integer CHECK (duration_minutes > 0),
    venue_type text NOT NULL CHECK (venue_type IN ('on_property', 'off_property', 'virtual', 'mobile')),
    venue_space_id uuid,
    venue_name text,
    venue_address jsonb,
    organizer_name text,
    organizer_contact jsonb,
    max_capacity integer CONSTRAINT event_def_capacity_check CHECK (max_capacity IS NULL OR max_capacity > 0),
    min_capacity integer NOT NULL DEFAULT 1 CHECK (min_capacity >= 1),
    status text NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'archived')),
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT event_def_org_slug_unique UNIQUE (organization_id, slug),
    UNIQUE (organization_id, id),
    CHECK (max_capacity IS NULL OR min_capacity <= max_capacity)
);

ALTER TABLE event_definitions ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_definitions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_definitions USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON event_definitions FROM ticketing, ticketing_tenant;

-- Seed B, EventOccurrence. seats_sold and seats_available are read from inventory_pools, so that there is one counter only.
CREATE TABLE event_occurrences (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    account_id uuid,
    event_definition_id uuid NOT NULL,
    occurrence_name text,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    timezone text NOT NULL,
    admission_opens_at timestamptz NOT NULL,
    capacity_override integer CHECK (capacity_override > 0),
    status text NOT NULL CHECK (status IN ('scheduled', 'confirmed', 'in_progress', 'completed', 'canceled')),
    cancellation_reason text,
    canceled_at timestamptz,
    -- Ed25519: verifies this occurrence's ticket codes.
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    -- The last version that other services were told of; the rest is still to be announced.
    announced_version bigint NOT NULL,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, event_definition_id) REFERENCES event_definitions (organization_id, id),
    CONSTRAINT event_occ_time_check CHECK (end_at > start_at),
    CHECK (admission_opens_at < end_at),
    CHECK (announced_version <= version),
    CHECK ((status = 'canceled') = (canceled_at IS NOT NULL))
);
CREATE INDEX idx_event_occurrences_definition ON event_occurrences (event_definition_id, start_at, id);
-- What time itself will change next, and what is still to be announced: both are nearly empty.
CREATE INDEX idx_event_occurrences_starting ON event_occurrences (start_at) WHERE status IN ('scheduled', 'confirmed');
CREATE INDEX idx_event_occurrences_ending ON event_occurrences (end_at) WHERE status = 'in_progress';
CREATE INDEX idx_event_occurrences_unannounced ON event_occurrences (id) WHERE announced_version < version;

ALTER TABLE event_occurrences ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_occurrences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_occurrences USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON event_occurrences FROM ticketing, ticketing_tenant;

-- Seed B, TicketType. quantity_sold is read from inventory_pools.
CREATE TABLE ticket_types (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    account_id uuid,
    event_definition_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text,
    tier text NOT NULL CHECK (tier IN (
        'general', 'vip', 'early_bird', 'group', 'child', 'senior', 'student', 'member')),
    price_cents bigint NOT NULL CONSTRAINT ticket_type_price_check CHECK (price_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Per occurrence; NULL for unlimited.
    quantity_available integer CHECK (quantity_available >= 0),
    valid_from timestamptz,
    valid_until timestamptz,
    min_quantity integer NOT NULL DEFAULT 1 CHECK (min_quantity >= 1),
    max_quantity integer NOT NULL DEFAULT 10,
    status text NOT NULL CHECK (status IN ('active', 'sold_out', 'expired', 'disabled')),
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, event_definition_id) REFERENCES event_definitions (organization_id, id),
    CHECK (valid_from < valid_until),
    CHECK (max_quantity >= min_quantity)
);
CREATE INDEX idx_ticket_types_definition ON ticket_types (event_definition_id, id);
CREATE INDEX idx_ticket_types_expiring ON ticket_types (valid_until) WHERE status IN ('active', 'sold_out');

ALTER TABLE ticket_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_types USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON ticket_types FROM ticketing, ticketing_tenant;

-- The authority over stock: what one occurrence, or one ticket type of it, has and has given away (invariants 1 and 5).
-- A hold moves reserved, a sale moves reserved to sold. Rows are locked in the order of their ids.
-- fillfactor: few rows, each rewritten with every batch of holds; nothing that changes is indexed, so all updates stay HOT.
CREATE TABLE inventory_pools (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    -- NULL for the whole occurrence.
    ticket_type_id uuid,
    -- NULL for unlimited.
    capacity integer CHECK (capacity >= 0),
    reserved integer NOT NULL DEFAULT 0,
    sold integer NOT NULL DEFAULT 0,
    CONSTRAINT inventory_pool_identity UNIQUE NULLS NOT DISTINCT (occurrence_id, ticket_type_id),
    FOREIGN KEY (organization_id, occurrence_id) REFERENCES event_occurrences (organization_id, id),
    FOREIGN KEY (organization_id, ticket_type_id) REFERENCES ticket_types (organization_id, id),
    CONSTRAINT inventory_pool_reserved_check CHECK (reserved >= 0),
    CONSTRAINT inventory_pool_sold_check CHECK (sold >= 0),
    CONSTRAINT inventory_pool_capacity_check CHECK (capacity IS NULL OR reserved + sold <= capacity)
) WITH (fillfactor = 50);
CREATE INDEX idx_inventory_pools_ticket_type ON inventory_pools (ticket_type_id) WHERE ticket_type_id IS NOT NULL;

ALTER TABLE inventory_pools ENABLE ROW LEVEL SECURITY;
ALTER TABLE inventory_pools FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inventory_pools USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON inventory_pools FROM ticketing, ticketing_tenant;

-- Ticket types whose stock has run out or come back somewhere: whether the type itself is sold out is to be looked at.
-- Rows are only added and taken, so that nobody waits for anybody.
CREATE TABLE ticket_type_reviews (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    ticket_type_id uuid NOT NULL
);

ALTER TABLE ticket_type_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_type_reviews FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_type_reviews USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON ticket_type_reviews FROM ticketing_tenant;
