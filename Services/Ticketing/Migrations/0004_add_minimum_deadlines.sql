-- When the event's minimum must be sold: its cancellation cutoff before the start, where its settings have one. Kept here by
-- whoever creates an occurrence or changes the settings, so that the sweep finds what is due by an index.
ALTER TABLE event_occurrences
    ADD COLUMN minimum_due_at timestamptz,
    ADD CONSTRAINT event_occ_minimum_check CHECK (minimum_due_at <= start_at);
CREATE INDEX idx_event_occurrences_minimum ON event_occurrences (minimum_due_at)
    WHERE status = 'scheduled' AND minimum_due_at IS NOT NULL;
