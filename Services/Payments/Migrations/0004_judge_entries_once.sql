-- Each entry was judged once for itself and once for each of its lines. Lines of an entry of the same transaction need no
-- judgement of their own: the entry's comes at commit. Only lines that are added to an older entry do.
CREATE FUNCTION check_added_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    older record;
BEGIN
    FOR older IN
        SELECT DISTINCT entry_id FROM added
        WHERE NOT EXISTS (
            SELECT FROM journal_entries AS entry
            WHERE entry.id = added.entry_id AND entry.xmin = pg_current_xact_id()::xid)
    LOOP
        PERFORM refuse_unbalanced_entry(older.entry_id);
    END LOOP;
    RETURN NULL;
END
$$;

DROP TRIGGER journal_line_balances ON journal_lines;
DROP FUNCTION check_journal_line();
CREATE TRIGGER journal_line_balances AFTER INSERT ON journal_lines
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION check_added_lines();
