-- The order's version of the last word about a ticket's refund: it revokes the ticket, or makes it valid again. Only newer
-- words are applied. 0 while there was none.
ALTER TABLE tickets ADD COLUMN refund_version bigint NOT NULL DEFAULT 0 CHECK (refund_version >= 0);
