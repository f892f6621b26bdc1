-- What several machines and moves that follow from others need of the engine's tables.

-- A machine whose row another machine makes begins in the same transaction: until then its columns are empty.
CREATE OR REPLACE FUNCTION workflow_backstop() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
    begun   boolean;
BEGIN
    IF new_row ->> TG_ARGV[1] IS NULL THEN
        -- At commit: what counts is the row as it is by now.
        EXECUTE format('SELECT %I IS NOT NULL FROM %I.%I WHERE id = $1', TG_ARGV[1], TG_TABLE_SCHEMA, TG_TABLE_NAME)
            INTO begun USING NEW.id;
        IF NOT begun THEN
            RAISE EXCEPTION '% % was made without a state', TG_ARGV[0], NEW.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT FROM workflow_events e
        WHERE e.machine = TG_ARGV[0] AND e.record_id = NEW.id
          AND e.seq = (new_row ->> (TG_ARGV[1] || '_seq'))::integer  -- this row version's seq, not the newest
          AND e.to_state = new_row ->> TG_ARGV[1]
    ) THEN
        RAISE EXCEPTION '% % was moved to % outside the engine', TG_ARGV[0], NEW.id, new_row ->> TG_ARGV[1]
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Has the timers of a record derived again, because a fact that they count from was edited outside of a move. The row
-- is due at once by any clock. As its owner, for the application may not write timers.
CREATE FUNCTION workflow_refresh_timers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
    VALUES (TG_ARGV[0], NEW.id, '*', to_timestamp(0), 1, to_timestamp(0), to_timestamp(0))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
