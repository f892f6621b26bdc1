-- What has changed, in one order for all who listen; files beside the database; webhooks to other systems.
--
-- Numbers that transactions draw themselves become visible out of order, and a reader that has gone past one never comes
-- back for it. So a change is put down without a number, by the transaction that makes it; afterwards live_number() gives
-- the numbers, in one place at a time, and holds its lock until they are committed. What is visible is always a beginning
-- of the whole. No transaction waits for another by it, and none notifies: NOTIFY takes a lock on the whole database at
-- commit, and only live_number() does it, once for however many changes.
CREATE TABLE live_inbox (                                  -- changes that have no number yet; nearly always empty
    id        bigint GENERATED ALWAYS AS IDENTITY,
    subject   text   NOT NULL,
    record_id uuid   NOT NULL,
    what      text   NOT NULL,
    event_id  uuid
);

CREATE TABLE live_changes (
    number    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject   text        NOT NULL,                        -- a machine, or the name of a table's rows
    record_id uuid        NOT NULL,
    what      text        NOT NULL,                        -- the move, or: created, changed
    event_id  uuid,                                        -- of workflow_events, where it is a move
    at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- What is old enough to be dropped.
CREATE INDEX live_changes_at_idx ON live_changes (at);

CREATE TABLE live_pruned (                                 -- one row
    only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    number    bigint  NOT NULL                             -- the last change that is no longer kept
);
INSERT INTO live_pruned (number) VALUES (0);

-- One statement's changes at once; its argument is the name of the rows, for tables that are no history.
CREATE FUNCTION live_note_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO live_inbox (subject, record_id, what, event_id)
    SELECT e.machine, e.record_id, e.move, e.id FROM added e ORDER BY e.record_id, e.seq;
    RETURN NULL;
END $$;
CREATE FUNCTION live_note_rows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO live_inbox (subject, record_id, what)
    SELECT TG_ARGV[0], a.id, CASE TG_OP WHEN 'INSERT' THEN 'created' ELSE 'changed' END FROM added a ORDER BY a.id;
    RETURN NULL;
END $$;

CREATE TRIGGER workflow_events_live AFTER INSERT ON workflow_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_events();
CREATE TRIGGER notifications_live_new AFTER INSERT ON notifications REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('notification');
CREATE TRIGGER notifications_live AFTER UPDATE ON notifications REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('notification');
CREATE TRIGGER lead_notes_live_new AFTER INSERT ON lead_notes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('lead_note');
CREATE TRIGGER lead_notes_live AFTER UPDATE ON lead_notes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('lead_note');
CREATE TRIGGER partner_notes_live_new AFTER INSERT ON partner_notes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('partner_note');
CREATE TRIGGER partner_notes_live AFTER UPDATE ON partner_notes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_rows('partner_note');

-- Numbers what has been committed, and tells the processes.
CREATE FUNCTION live_number() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    numbered integer;
BEGIN
    -- What another numbers at this moment is still seen here, so nobody reads on before it is done.
    IF NOT EXISTS (SELECT FROM live_inbox) THEN RETURN 0; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('drizzl_live', 0));
    WITH taken AS (DELETE FROM live_inbox RETURNING *)
    INSERT INTO live_changes (subject, record_id, what, event_id)
    SELECT subject, record_id, what, event_id FROM taken ORDER BY id;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    IF numbered > 0 THEN PERFORM pg_notify('drizzl_live', ''); END IF;
    RETURN numbered;
END $$;

-- Drops what is older, and remembers how far, so that whoever comes back too late learns that something is missing.
CREATE FUNCTION live_prune(kept interval) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last_old bigint;
BEGIN
    SELECT max(number) INTO last_old FROM live_changes WHERE at < clock_timestamp() - kept;
    IF last_old IS NULL THEN RETURN 0; END IF;
    UPDATE live_pruned SET number = greatest(number, last_old);
    DELETE FROM live_changes WHERE number <= last_old;
    RETURN last_old;
END $$;
REVOKE EXECUTE ON FUNCTION live_number(), live_prune(interval), live_note_events(), live_note_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION live_number(), live_prune(interval) TO drizzl_app;
GRANT SELECT ON live_changes, live_pruned TO drizzl_app;

-- Whose session or token is taken back is cut off at once; rare, so it may be told from the transaction itself.
CREATE FUNCTION live_tell_revoked() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('drizzl_live', OLD.user_kind || ':' || OLD.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_live_revoked AFTER UPDATE OF revoked_at ON sessions FOR EACH ROW
    WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION live_tell_revoked();
CREATE TRIGGER sessions_live_gone AFTER DELETE ON sessions FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION live_tell_revoked();
CREATE TRIGGER service_tokens_live_revoked AFTER UPDATE OF revoked_at ON service_tokens FOR EACH ROW
    WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION live_tell_revoked();
CREATE TRIGGER service_tokens_live_gone AFTER DELETE ON service_tokens FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION live_tell_revoked();

-- Whether what was shown at the door would still be let in. Unlike visitor.enter it counts as no use of the session: an
-- open page that nobody looks at does not keep anybody signed in.
CREATE FUNCTION visitor.stands(asked_kind text, asked_hash bytea, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM sessions s
        WHERE asked_kind <> 'token' AND s.token_hash = asked_hash AND s.user_kind = asked_kind
          AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at + s.idle > at
        UNION ALL
        SELECT FROM service_tokens t
        WHERE asked_kind = 'token' AND t.token_hash = asked_hash AND t.revoked_at IS NULL AND t.expires_at > at)
$$;
REVOKE EXECUTE ON FUNCTION visitor.stands(text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION visitor.stands(text, bytea, timestamptz) TO drizzl_app;

-- What people send is kept beside the database; what is rendered stays in it (files.content).
ALTER TABLE files
    ALTER COLUMN content DROP NOT NULL,
    ADD COLUMN kept_in text NOT NULL DEFAULT 'database' CHECK (kept_in IN ('database', 'disk')),
    ADD COLUMN uploaded_by_kind text CHECK (uploaded_by_kind IN ('admin', 'sales_rep', 'partner_user')),
    ADD COLUMN uploaded_by uuid,
    ADD CONSTRAINT files_kept_check CHECK ((kept_in = 'database') = (content IS NOT NULL)),
    ADD CONSTRAINT files_uploader_check CHECK ((uploaded_by IS NULL) = (uploaded_by_kind IS NULL));
GRANT SELECT (kept_in, uploaded_by_kind, uploaded_by) ON files TO drizzl_visitor;
