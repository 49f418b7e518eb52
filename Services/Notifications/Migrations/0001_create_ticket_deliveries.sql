-- A message to a person (seed A, 10.1 Notification) and what became of it.
CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tickets')),
    channel text NOT NULL CHECK (channel IN ('email')),
    recipient text NOT NULL CHECK (recipient <> ''),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed')),
    attempt_count integer NOT NULL DEFAULT 0 CHECK (attempt_count >= 0),
    created_at timestamptz NOT NULL,
    -- When it was sent or given up.
    completed_at timestamptz,
    CONSTRAINT notifications_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT notifications_end_is_dated CHECK ((status = 'pending') = (completed_at IS NULL))
);

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notifications USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON notifications FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON notifications FROM notifications_tenant;

-- Every try at sending a notification (seed A, 10.2 DeliveryAttempt). Attempts are facts: added, never changed.
CREATE TABLE delivery_attempts (
    organization_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    outcome text NOT NULL CHECK (outcome IN ('sent', 'postponed', 'failed')),
    error text,
    attempted_at timestamptz NOT NULL,
    duration_milliseconds integer NOT NULL CHECK (duration_milliseconds >= 0),
    PRIMARY KEY (notification_id, number),
    FOREIGN KEY (organization_id, notification_id) REFERENCES notifications (organization_id, id),
    CONSTRAINT delivery_attempts_failures_say_why CHECK ((outcome = 'sent') = (error IS NULL))
);

ALTER TABLE delivery_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON delivery_attempts USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE UPDATE, DELETE, TRUNCATE ON delivery_attempts FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON delivery_attempts FROM notifications_tenant;

-- The tickets of an order on their way to its buyer (seed A, 10.4 TicketDelivery), with everything that drawing them
-- needs. How far the delivery is, its notification says.
CREATE TABLE ticket_deliveries (
    order_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    notification_id uuid NOT NULL UNIQUE,
    document jsonb NOT NULL,
    completed_at timestamptz NOT NULL,
    FOREIGN KEY (organization_id, notification_id) REFERENCES notifications (organization_id, id),
    CONSTRAINT ticket_deliveries_organization_id_order_id_key UNIQUE (organization_id, order_id)
);

ALTER TABLE ticket_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_deliveries USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON ticket_deliveries FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ticket_deliveries FROM notifications_tenant;

-- Which delivery a ticket is in, to find its document by the ticket's id.
CREATE TABLE ticket_delivery_items (
    ticket_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    order_id uuid NOT NULL,
    FOREIGN KEY (organization_id, order_id) REFERENCES ticket_deliveries (organization_id, order_id)
);

CREATE INDEX ticket_delivery_items_order_id ON ticket_delivery_items (order_id);

ALTER TABLE ticket_delivery_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_delivery_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_delivery_items USING (organization_id = current_setting('app.organization_id')::uuid);
REVOKE DELETE, TRUNCATE ON ticket_delivery_items FROM notifications;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ticket_delivery_items FROM notifications_tenant;

-- An organisation's own wording of a notification (seed A, 10.3 Template) in Mustache. Only plain variables, sections
-- and comments are allowed: what a buyer typed must stay escaped, and a template must not name others.
CREATE TABLE templates (
    organization_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tickets')),
    subject text NOT NULL CHECK (subject <> '' AND char_length(subject) <= 500),
    text_body text NOT NULL CHECK (text_body <> '' AND char_length(text_body) <= 50000),
    html_body text NOT NULL CHECK (html_body <> '' AND char_length(html_body) <= 200000),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind),
    CONSTRAINT templates_use_plain_tags CHECK (subject || ' ' || text_body || ' ' || html_body !~ '\{\{\s*[{&=%<>$]')
);

ALTER TABLE templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE templates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON templates USING (organization_id = current_setting('app.organization_id')::uuid);
