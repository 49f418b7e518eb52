-- Almost every delivery moves once, from pending to delivered, and every index that knows how far it is moves with it. What
-- waits or has failed is little; what was delivered is found in the order of its endpoint.
CREATE INDEX webhook_delivery_logs_undelivered ON webhook_delivery_logs (endpoint_id, status, id DESC)
    WHERE status <> 'delivered';
DROP INDEX webhook_delivery_logs_pending, webhook_delivery_logs_of_status, webhook_delivery_logs_ended;

-- The log grows in the order of time: what is old stands together.
CREATE INDEX webhook_delivery_logs_created_at ON webhook_delivery_logs USING brin (created_at);
DROP INDEX webhook_events_created_at;
CREATE INDEX webhook_events_created_at ON webhook_events USING brin (created_at);

-- Nobody looks for the items of an order: its document lists them.
DROP INDEX ticket_delivery_items_order_id;

-- Each row is updated once, in columns that no index knows: room on its page keeps all indexes as they are.
ALTER TABLE notifications SET (fillfactor = 85);
