-- The bare sale: no more than what must be kept of one. Every row is what the platform keeps several of.
DROP TABLE IF EXISTS stock, orders, order_lines, tickets, charges, ledger_entries, outbox;

CREATE TABLE stock (
    id integer PRIMARY KEY,
    capacity integer NOT NULL,
    sold integer NOT NULL DEFAULT 0,
    CHECK (sold <= capacity)
) WITH (fillfactor = 50);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stock_id integer NOT NULL,
    buyer_email text NOT NULL,
    total_cents bigint NOT NULL,
    completed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id bigint PRIMARY KEY,
    quantity integer NOT NULL,
    unit_price_cents bigint NOT NULL
);

CREATE TABLE tickets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,
    position smallint NOT NULL,
    code text NOT NULL UNIQUE
);

CREATE TABLE charges (
    order_id bigint PRIMARY KEY,
    amount_cents bigint NOT NULL,
    status text NOT NULL
);

CREATE TABLE ledger_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,
    account text NOT NULL,
    amount_cents bigint NOT NULL
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL
);

INSERT INTO stock (id, capacity) SELECT number, 2000000000 FROM generate_series(1, 100) AS number;
