-- A mail without tickets is a letter: what it says is kept with its notification. `object_id` is what it is about (a
-- refund, a checkout, the disabling of an endpoint), so that each is told of once. A mail with tickets that were refunded
-- before it left is withdrawn.
ALTER TABLE notifications
    DROP CONSTRAINT notifications_kind_check,
    ADD CONSTRAINT notifications_kind_check CHECK (
        kind IN ('tickets', 'occurrence_canceled', 'order_refunded', 'checkout_refunded', 'webhook_endpoint_disabled')),
    DROP CONSTRAINT notifications_status_check,
    ADD CONSTRAINT notifications_status_check CHECK (status IN ('pending', 'sent', 'failed', 'withdrawn')),
    ADD COLUMN object_id uuid,
    ADD COLUMN letter jsonb,
    ADD CONSTRAINT notifications_letters_say_something CHECK ((kind = 'tickets') = (letter IS NULL)),
    ADD CONSTRAINT notifications_letters_are_about_something CHECK ((letter IS NULL) = (object_id IS NULL)),
    ADD CONSTRAINT notifications_once_per_object UNIQUE (organization_id, kind, object_id);

ALTER TABLE templates
    DROP CONSTRAINT templates_kind_check,
    ADD CONSTRAINT templates_kind_check CHECK (
        kind IN ('tickets', 'occurrence_canceled', 'order_refunded', 'checkout_refunded'));

-- What refunds made of tickets. An event speaks for its tickets only when its order's version is newer than what is known
-- of the ticket; it may come before the order itself, so that nothing is referenced here.
CREATE TABLE ticket_refunds (
    ticket_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    order_version bigint NOT NULL CHECK (order_version >= 1),
    state text NOT NULL CHECK (state IN ('taken_back', 'refunded', 'given_back')),
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX ticket_refunds_order_id ON ticket_refunds (order_id);

ALTER TABLE ticket_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_refunds USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON ticket_refunds FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ticket_refunds FROM notifications_tenant;

-- Where organisations themselves are written to, as the Gateway last said.
CREATE TABLE organization_contacts (
    organization_id uuid PRIMARY KEY,
    name text NOT NULL,
    contact_email text CHECK (contact_email <> ''),
    version bigint NOT NULL CHECK (version >= 1)
);

ALTER TABLE organization_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization_contacts USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON organization_contacts FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON organization_contacts FROM notifications_tenant;
