-- A movement is written in one transaction with its scan, while its ticket is locked, and the service can delete none of the
-- three. To look both up again for each movement, and to lock them, took more than half of writing it; `fsck` looks
-- instead.

-- In the order in which scans come to the tables, so that neither waits for the other; and rather fail than keep the gates
-- waiting behind a long reader.
SET LOCAL lock_timeout = '5s';
LOCK TABLE scans, tickets, in_out_events IN ACCESS EXCLUSIVE MODE;
ALTER TABLE in_out_events DROP CONSTRAINT in_out_events_ticket_id_fkey;
ALTER TABLE in_out_events DROP CONSTRAINT in_out_events_organization_id_scan_id_fkey;
REVOKE DELETE, TRUNCATE ON tickets FROM scanning;
