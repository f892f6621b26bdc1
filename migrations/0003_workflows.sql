-- The engine's tables: commands, events, timers, tasks, refusals. What they mean: docs/lifecycle-files.md.
CREATE TABLE workflow_definitions (
    hash         bytea       PRIMARY KEY,                  -- SHA-256 of the machine file
    machine      text        NOT NULL,
    version      integer     NOT NULL,
    body         text        NOT NULL,
    first_run_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE workflow_commands (
    id           uuid        PRIMARY KEY,                  -- the client's, or derived (timers)
    request_hash bytea       NOT NULL,                     -- machine, record, move, inputs, actor
    response     jsonb       NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE workflow_events (                             -- append-only: the history of every record
    id           uuid        PRIMARY KEY,
    machine      text        NOT NULL,
    record_id    uuid        NOT NULL,
    seq          integer     NOT NULL,
    kind         text        NOT NULL
        CHECK (kind IN ('create', 'move', 'timer', 'timer_cancelled', 'correction', 'repair', 'migration')),
    move         text        NOT NULL,                     -- 'create', a move, or a timer's name
    from_state   text,
    to_state     text        NOT NULL,
    skipped      text[]      NOT NULL DEFAULT '{}',        -- open states passed over, in the order of the file
    role         text        NOT NULL,
    actor_kind   text        NOT NULL
        CHECK (actor_kind IN ('admin', 'sales_rep', 'partner_user', 'lead', 'customer', 'system', 'service')),
    actor_id     uuid,
    command_id   uuid        NOT NULL REFERENCES workflow_commands DEFERRABLE INITIALLY DEFERRED,
    caused_by    uuid        REFERENCES workflow_events,
    bulk_id      uuid,
    reason       text,
    inputs       jsonb       NOT NULL DEFAULT '{}',
    changes      jsonb       NOT NULL DEFAULT '{}',        -- {"column": [old, new]}
    noted        jsonb       NOT NULL DEFAULT '[]',        -- what did not happen, with codes
    timer        text,
    counted_from timestamptz,                              -- the fact's value, or the entering
    occurrence   integer,
    as_of        timestamptz NOT NULL,                     -- when it counts as done
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    definition   bytea       NOT NULL REFERENCES workflow_definitions,
    -- Two changes at once cannot both win; also serves the history of a record, newest first.
    UNIQUE (machine, record_id, seq)
);
-- An occurrence fires once, ever; also finds what has fired for a record.
CREATE UNIQUE INDEX workflow_events_timer_once_idx
    ON workflow_events (machine, record_id, timer, counted_from, occurrence) WHERE timer IS NOT NULL;
-- From a cause to its consequences.
CREATE INDEX workflow_events_caused_by_idx ON workflow_events (caused_by) WHERE caused_by IS NOT NULL;
-- From a command to its events, and for the check of the foreign key.
CREATE INDEX workflow_events_command_idx ON workflow_events (command_id);

CREATE VIEW state_transitions AS
SELECT id, machine, record_id, seq, move, from_state, to_state, skipped, role, actor_kind, actor_id, reason, as_of, at
FROM workflow_events
WHERE from_state IS DISTINCT FROM to_state;

CREATE TABLE workflow_timers (                             -- the next occurrence of each armed timer
    machine      text        NOT NULL,
    record_id    uuid        NOT NULL,
    timer        text        NOT NULL,
    counted_from timestamptz NOT NULL,
    occurrence   integer     NOT NULL CHECK (occurrence >= 1),
    moment       timestamptz NOT NULL,                     -- when it is meant to happen
    fire_at      timestamptz NOT NULL,                     -- when it is tried
    PRIMARY KEY (machine, record_id, timer)
);
-- What is due, and nothing else.
CREATE INDEX workflow_timers_due_idx ON workflow_timers (fire_at);

CREATE TABLE workflow_attention (                          -- tasks for people
    id           uuid        PRIMARY KEY,
    machine      text        NOT NULL,
    record_id    uuid        NOT NULL,
    task         text        NOT NULL,
    because      jsonb       NOT NULL DEFAULT '{}',
    while_states text[],                                   -- of a timer's task: it closes when these are left
    opened_by    uuid        REFERENCES workflow_events,   -- null: by a refusal, which is no event
    opened_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_by    uuid        REFERENCES workflow_events,   -- null: by a person, with a note
    closed_at    timestamptz,
    note         text
);
-- One open task per record and name; also lists the open tasks of a record.
CREATE UNIQUE INDEX workflow_attention_open_idx
    ON workflow_attention (machine, record_id, task) WHERE closed_at IS NULL;

CREATE TABLE workflow_refusals (                           -- written after the rollback
    id           uuid        PRIMARY KEY,
    machine      text        NOT NULL,
    record_id    uuid,
    move         text        NOT NULL,
    role         text        NOT NULL,
    actor_kind   text        NOT NULL,
    actor_id     uuid,
    codes        text[]      NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE company_holidays (
    day  date PRIMARY KEY,
    name text NOT NULL
);

-- A gapless counter per series: taken under its row's lock, in the transaction that uses the number (R-34).
CREATE TABLE number_series (
    series text   PRIMARY KEY CHECK (series IN ('ORD', 'INV', 'CN', 'TCK')),
    next   bigint NOT NULL CHECK (next >= 1)
);
INSERT INTO number_series (series, next) VALUES ('ORD', 10001), ('INV', 10001), ('CN', 10001), ('TCK', 10001);

-- The compare-and-swap of a state: anything but one row means that the record was not what the engine had locked.
CREATE FUNCTION workflow_demand_one(moved bigint, machine text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF moved <> 1 THEN
        RAISE EXCEPTION 'the % was not in the expected state', machine USING ERRCODE = 'serialization_failure';
    END IF;
END $$;

-- Demands, at commit, the event with the state and seq of each row version that was written.
CREATE FUNCTION workflow_backstop() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
BEGIN
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

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$;

-- The application reads; the engine alone writes history, and nobody rewrites it.
GRANT SELECT ON schema_migrations, workflow_definitions, workflow_commands, workflow_events, state_transitions, workflow_timers,
    workflow_attention, workflow_refusals, company_holidays, number_series TO drizzl_app;
GRANT INSERT ON workflow_refusals TO drizzl_app;
GRANT INSERT ON workflow_definitions, workflow_commands, workflow_events TO drizzl_engine;
GRANT INSERT, UPDATE, DELETE ON workflow_timers TO drizzl_engine;
GRANT INSERT, UPDATE ON workflow_attention TO drizzl_engine;
GRANT UPDATE ON number_series TO drizzl_engine;
