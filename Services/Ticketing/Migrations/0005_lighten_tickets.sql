-- A code carries its ticket's id, signed: it cannot be on two tickets unless somebody writes it there, which fsck looks
-- for. The index made every confirmation move its ticket in all of the other indexes, too.
ALTER TABLE tickets DROP CONSTRAINT ticket_qr_unique;
-- Room on the page for the tickets of a whole batch of confirmations.
ALTER TABLE tickets SET (fillfactor = 60);
