-- Every order that was asked to be held and was not refused, and every order whose release came before its hold
-- (was_held = false): that one must never be held afterwards.
-- fillfactor: an order is updated once or twice, in columns that no index has.
CREATE TABLE orders (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    checkout_id uuid NOT NULL,
    event_occurrence_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN (
        'reserved', 'completed', 'expired', 'canceled', 'partially_refunded', 'refunded')),
    was_held boolean NOT NULL,
    total_cents bigint NOT NULL CHECK (total_cents >= 0),
    refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND total_cents),
    currency text,
    buyer_email text,
    buyer_given_name text,
    buyer_family_name text,
    charge_id uuid,
    expires_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- For the lists, newest first, and for the foreign key of the items.
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, event_occurrence_id) REFERENCES event_occurrences (organization_id, id),
    CONSTRAINT order_held_check CHECK (
        was_held AND currency IS NOT NULL AND buyer_email IS NOT NULL AND buyer_given_name IS NOT NULL
            AND expires_at IS NOT NULL
        OR NOT was_held AND status IN ('expired', 'canceled') AND total_cents = 0),
    CONSTRAINT order_completed_check CHECK (
        (status IN ('completed', 'partially_refunded', 'refunded')) = (completed_at IS NOT NULL)),
    -- No free tickets (invariant 3).
    CONSTRAINT order_paid_check CHECK (completed_at IS NULL OR total_cents = 0 OR charge_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX idx_orders_occurrence ON orders (event_occurrence_id, id);
CREATE INDEX idx_orders_email ON orders (organization_id, lower(buyer_email), id) WHERE was_held;

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON orders USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON orders FROM ticketing_tenant;
REVOKE DELETE, TRUNCATE ON orders FROM ticketing;

-- What was ordered at which price. The price is that of the moment of the hold and never changes.
CREATE TABLE order_items (
    order_id uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    position smallint NOT NULL,
    name text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_cents bigint NOT NULL CHECK (unit_price_cents >= 0),
    total_cents bigint NOT NULL CHECK (total_cents = quantity * unit_price_cents),
    PRIMARY KEY (order_id, ticket_type_id, organization_id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, ticket_type_id) REFERENCES ticket_types (organization_id, id)
);

ALTER TABLE order_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON order_items USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON order_items FROM ticketing_tenant;
REVOKE UPDATE, DELETE, TRUNCATE ON order_items FROM ticketing;

-- Seed B, Attendee. Tickets for which nobody is named share one attendee: the buyer. Found through tickets only, so that
-- the seed's indexes on email and user come with the queries that need them.
CREATE TABLE attendees (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    user_id uuid,
    email text NOT NULL,
    given_name text NOT NULL,
    family_name text,
    phone text,
    emergency_contact jsonb,
    dietary_restrictions text[],
    accessibility_needs text[],
    notes text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

ALTER TABLE attendees ENABLE ROW LEVEL SECURITY;
ALTER TABLE attendees FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON attendees USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON attendees FROM ticketing_tenant;
REVOKE TRUNCATE ON attendees FROM ticketing;

-- Seed B, Ticket. Of the seed's indexes: occurrence stays, for cancellations and fsck; confirmation and QR code are the unique
-- constraints; status is not indexed, so that a check-in stays HOT (hence the fillfactor); attendee comes with a query for it.
CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    account_id uuid,
    order_id uuid NOT NULL,
    -- The place in the order, from 0.
    position smallint NOT NULL,
    event_occurrence_id uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    attendee_id uuid NOT NULL REFERENCES attendees (id),
    booking_id uuid,
    confirmation_code text NOT NULL CONSTRAINT ticket_confirmation_unique UNIQUE,
    qr_code_data text CONSTRAINT ticket_qr_unique UNIQUE,
    -- Of the code in qr_code_data; 0 while there is none. A gate refuses older ones than it knows.
    code_revision integer NOT NULL DEFAULT 0 CHECK (code_revision BETWEEN 0 AND 65535),
    price_paid_cents bigint NOT NULL CHECK (price_paid_cents >= 0),
    currency text NOT NULL,
    status text NOT NULL CHECK (status IN (
        'reserved', 'confirmed', 'checked_in', 'expired', 'canceled', 'refunded', 'voided', 'transferred')),
    reserved_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    checked_in_at timestamptz,
    canceled_at timestamptz,
    refund_amount_cents bigint NOT NULL DEFAULT 0 CHECK (refund_amount_cents BETWEEN 0 AND price_paid_cents),
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (order_id, position),
    FOREIGN KEY (order_id, ticket_type_id, organization_id)
        REFERENCES order_items (order_id, ticket_type_id, organization_id),
    FOREIGN KEY (organization_id, event_occurrence_id) REFERENCES event_occurrences (organization_id, id),
    CONSTRAINT ticket_code_check CHECK ((qr_code_data IS NOT NULL) = (code_revision > 0)),
    CONSTRAINT ticket_confirmed_check CHECK (
        status NOT IN ('confirmed', 'checked_in') OR (qr_code_data IS NOT NULL AND confirmed_at IS NOT NULL)),
    CONSTRAINT ticket_checked_in_check CHECK (status <> 'checked_in' OR checked_in_at IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX idx_tickets_occurrence ON tickets (event_occurrence_id);

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tickets USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON tickets FROM ticketing_tenant;
REVOKE DELETE, TRUNCATE ON tickets FROM ticketing;
