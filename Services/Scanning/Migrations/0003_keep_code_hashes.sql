-- The SHA-256 of the code that came with the ticket's order: a code that is shown at a gate need not be verified by its
-- signature when it is this one. NULL for tickets of which only a genuine code is known, and for those from before.
ALTER TABLE tickets ADD COLUMN code_hash bytea CHECK (length(code_hash) = 32);
