-- One sale as one transaction, of one to five tickets as buyers want them. `rows` is over how many rows of stock the
-- sales are spread.
\set stock random(1, :rows)
\set draw random(1, 1717)
\set quantity case when :draw <= 496 then 1 when :draw <= 1082 then 2 when :draw <= 1349 then 3 when :draw <= 1512 then 4 else 5 end
BEGIN;
UPDATE stock SET sold = sold + :quantity WHERE id = :stock;
INSERT INTO orders (stock_id, buyer_email, total_cents) VALUES (:stock, 'buyer@example.org', :quantity * 2500);
INSERT INTO order_lines (order_id, quantity, unit_price_cents) VALUES (currval('orders_id_seq'), :quantity, 2500);
INSERT INTO tickets (order_id, position, code)
    SELECT currval('orders_id_seq'), position, 'VG1' || currval('orders_id_seq') || '-' || position
    FROM generate_series(1, :quantity) AS position;
INSERT INTO charges (order_id, amount_cents, status) VALUES (currval('orders_id_seq'), :quantity * 2500, 'captured');
INSERT INTO ledger_entries (order_id, account, amount_cents)
    VALUES (currval('orders_id_seq'), 'provider', :quantity * 2500),
        (currval('orders_id_seq'), 'organization', :quantity * -2500);
INSERT INTO outbox (body) VALUES ('{"order_id": ' || currval('orders_id_seq') || ', "state": "completed"}');
COMMIT;
