-- What refunds have given back of an order, and what those under way will. Together they are never more than was paid
-- (invariant 2); both are sums over order_refunds (invariant 5). The version grows with every step of a refund.
ALTER TABLE orders
    ADD COLUMN refunding_cents bigint NOT NULL DEFAULT 0,
    ADD COLUMN refund_version bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT order_refund_check CHECK (
        refunding_cents >= 0 AND refunded_cents + refunding_cents <= total_cents),
    ADD CONSTRAINT order_refund_version_check CHECK (refund_version >= 0),
    -- Money only comes back from an order that was paid.
    ADD CONSTRAINT order_refund_paid_check CHECK (
        completed_at IS NOT NULL OR refund_version = 0 AND refunded_cents = 0 AND refunding_cents = 0),
    ADD CONSTRAINT order_refunded_check CHECK (
        CASE status WHEN 'refunded' THEN refunded_cents = total_cents AND refund_version > 0
            WHEN 'partially_refunded' THEN refund_version > 0
            ELSE refunded_cents = 0 END);

-- Every refund that was prepared; the id is the refund's. What its answers said is in here, so that a repeated command is
-- answered as the first one was. A refund ends once: completed or abandoned.
CREATE TABLE order_refunds (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'completed', 'abandoned')),
    cause text NOT NULL CHECK (cause IN ('requested', 'occurrence_canceled')),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- The tickets it takes back, in the order of their positions; empty for a refund of an amount.
    ticket_ids uuid[] NOT NULL,
    takes_tickets boolean NOT NULL GENERATED ALWAYS AS (cardinality(ticket_ids) > 0) STORED,
    -- The order's refund_version by the preparation and by the end.
    prepared_version bigint NOT NULL CHECK (prepared_version > 0),
    ended_version bigint CHECK (ended_version > prepared_version),
    prepared_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- How a completed refund left its order.
    order_status text CHECK (order_status IN ('partially_refunded', 'refunded')),
    order_refunded_cents bigint CHECK (order_refunded_cents >= amount_cents),
    -- For the foreign key of the tickets.
    CONSTRAINT order_refund_identity UNIQUE (organization_id, order_id, id, status),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    CONSTRAINT order_refund_gives_check CHECK (amount_cents > 0 OR cardinality(ticket_ids) > 0),
    CONSTRAINT order_refund_ended_check CHECK (
        (status = 'pending') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_version IS NULL)),
    CONSTRAINT order_refund_completed_check CHECK (
        (status = 'completed') = (order_status IS NOT NULL)
        AND (order_status IS NULL) = (order_refunded_cents IS NULL))
);

ALTER TABLE order_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON order_refunds USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON order_refunds FROM ticketing_tenant;
REVOKE DELETE, TRUNCATE ON order_refunds FROM ticketing;

-- The refund that takes a ticket back: there is room for one only. While it is pending the ticket keeps its status and its
-- place, and does not admit. The foreign key holds the two together whatever the code does: a ticket is refunded by a
-- completed refund of its own order, taken back by a pending one, and not held by an abandoned one. It looks at the end of
-- the transaction, because both sides change in it.
ALTER TABLE tickets
    ADD COLUMN refund_id uuid,
    ADD COLUMN refund_status text GENERATED ALWAYS AS (
        CASE WHEN refund_id IS NULL THEN NULL WHEN status = 'refunded' THEN 'completed' ELSE 'pending' END) STORED,
    ADD CONSTRAINT ticket_refund_key FOREIGN KEY (organization_id, order_id, refund_id, refund_status)
        REFERENCES order_refunds (organization_id, order_id, id, status) DEFERRABLE INITIALLY DEFERRED
        -- Nothing is there yet that would have to be looked at, and row-level security lets the owner see nothing.
        NOT VALID,
    ADD CONSTRAINT ticket_refunded_check CHECK (status <> 'refunded' OR refund_id IS NOT NULL),
    ADD CONSTRAINT ticket_refund_amount_check CHECK (refund_amount_cents = 0 OR status = 'refunded'),
    ADD CONSTRAINT ticket_refundable_check CHECK (
        refund_id IS NULL OR status IN ('confirmed', 'checked_in', 'refunded'));
