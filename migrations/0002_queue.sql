-- The job queue. The state of a job is which narrow table holds its row, and it is in exactly one:
--     ready | scheduled | leases | dead | finished (its last row in attempts says 'succeeded').
-- To move is DELETE here and INSERT there, in one statement. The wide body in `jobs` is written once, never changed.
-- Only the module Jobs names this schema.
--
-- Queues and kinds are written out, not interned: a table of names that grows inside business transactions makes two of
-- them wait for each other (the first use of a name is a unique row nobody else may see yet), and eight bytes of text
-- in a hot row of eighty are cheaper than that. Names compare byte by byte (COLLATE "C"), as numbers would.
CREATE SCHEMA queue;

-- Job ids are time-ordered: milliseconds since 2025, then 20 bits of a counter. So bodies are appended to the end of
-- their index, and a partition by id is a partition by time. The counter is not cached by sessions: a value kept for
-- long by one of them could meet the same 20 bits, a million later, in the same millisecond.
CREATE SEQUENCE queue.job_ids AS bigint;

CREATE FUNCTION queue.new_job_id() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT ((extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1735689600000) << 20
         | (nextval('queue.job_ids') & 1048575)
$$;

-- What was asked for. No key of its own refers here: retention drops partitions.
CREATE TABLE queue.jobs (
    id           bigint      NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),   -- the database's clock; `run_at` is the caller's
    kind         text        COLLATE "C" NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 100),
    queue        text        COLLATE "C" NOT NULL CHECK (octet_length(queue) BETWEEN 1 AND 50),
    priority     smallint    NOT NULL CHECK (priority BETWEEN 0 AND 3),
    max_attempts smallint    NOT NULL CHECK (max_attempts > 0),
    max_crashes  smallint    NOT NULL DEFAULT 3 CHECK (max_crashes > 0),
    unique_key   text        COLLATE "C" CHECK (octet_length(unique_key) BETWEEN 1 AND 500),
    machine      text        COLLATE "C",                          -- the record it is about, and
    record_id    uuid,
    event_id     uuid,                                             -- the event that caused it
    trace_parent text,
    payload      jsonb       NOT NULL,
    PRIMARY KEY (id),                                              -- claim and finish look bodies up by id
    CHECK ((machine IS NULL) = (record_id IS NULL))
) PARTITION BY RANGE (id);
CREATE TABLE queue.jobs_default PARTITION OF queue.jobs DEFAULT;

-- A record's page lists its jobs, newest first. Jobs about no record are not in it.
CREATE INDEX jobs_subject_idx ON queue.jobs (record_id, id DESC) WHERE record_id IS NOT NULL;
-- From an event to what it set off.
CREATE INDEX jobs_event_idx ON queue.jobs (event_id) WHERE event_id IS NOT NULL;

CREATE FUNCTION queue.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once and never changed', TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER jobs_immutable BEFORE UPDATE ON queue.jobs
    FOR EACH ROW EXECUTE FUNCTION queue.refuse_change('a job''s body');

-- The order in which jobs became ready. Not cached by sessions, or jobs of one session would overtake others'.
CREATE SEQUENCE queue.ready_seq AS bigint;

-- Runnable now, and nothing else, so a claim never filters.
CREATE TABLE queue.ready (
    seq      bigint      NOT NULL DEFAULT nextval('queue.ready_seq'),
    job_id   bigint      NOT NULL,
    ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),       -- the age of the queue is that of its oldest row
    lease    integer     NOT NULL DEFAULT 0,                       -- the last one given; it only grows
    shard    smallint    NOT NULL DEFAULT 0,                       -- room for fairness between tenants
    priority smallint    NOT NULL,                                 -- 0 first
    attempt  smallint    NOT NULL DEFAULT 0,
    crashes  smallint    NOT NULL DEFAULT 0,
    queue    text        COLLATE "C" NOT NULL,
    -- The claim's path: equal on three, in the order of the fourth. The only index, for a row lives here only briefly.
    PRIMARY KEY (queue, shard, priority, seq)
);

-- Delayed, waiting for a retry, or put off.
CREATE TABLE queue.scheduled (
    run_at   timestamptz NOT NULL,
    job_id   bigint      NOT NULL,
    lease    integer     NOT NULL DEFAULT 0,
    shard    smallint    NOT NULL DEFAULT 0,
    priority smallint    NOT NULL,
    attempt  smallint    NOT NULL DEFAULT 0,
    crashes  smallint    NOT NULL DEFAULT 0,
    queue    text        COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id)                                           -- a job is here once; operators look it up
);
-- What is due, in the order of its moments.
CREATE INDEX scheduled_due_idx ON queue.scheduled (run_at);

-- Running now, or fetched by a process to run next. (job_id, lease, worker_id) is the fence.
CREATE TABLE queue.leases (
    job_id     bigint      NOT NULL,
    worker_id  bigint      NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seq        bigint      NOT NULL,                               -- its place in the line, if it is given back
    lease      integer     NOT NULL,
    shard      smallint    NOT NULL,
    priority   smallint    NOT NULL,
    attempt    smallint    NOT NULL,
    crashes    smallint    NOT NULL,
    queue      text        COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id)                                           -- a finish looks its lease up; nobody holds two
) WITH (fillfactor = 90);

-- One live job per kind and key, whoever asks, however many at once. A running job is live.
CREATE TABLE queue.unique_keys (
    kind   text   COLLATE "C" NOT NULL,
    key    text   COLLATE "C" NOT NULL,
    job_id bigint NOT NULL,
    PRIMARY KEY (kind, key)                                        -- decides races
);

-- One row and one heartbeat per process. No index on expires_at: there are few rows, and a beat stays in its page.
CREATE TABLE queue.workers (
    id         bigint      NOT NULL,                               -- random: a forgotten process is never mistaken
    name       text        NOT NULL,                               -- for people: host and process
    queues     text[]      NOT NULL,
    kinds      text[]      NOT NULL,                               -- those it has a handler for
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (id)                                               -- a rescue asks whether a lease's owner exists
) WITH (fillfactor = 50);

-- What happened. Append-only: the audit log and the source of figures.
CREATE TABLE queue.attempts (
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    job_id      bigint      NOT NULL,
    worker_id   bigint,
    claimed_at  timestamptz,
    retry_at    timestamptz,
    lease       integer     NOT NULL,
    attempt     smallint    NOT NULL,
    queue       text        COLLATE "C" NOT NULL,
    outcome     text        COLLATE "C" NOT NULL CHECK (outcome IN
                    ('succeeded', 'failed', 'snoozed', 'discarded', 'lost', 'released', 'unknown_kind', 'undecodable')),
    reason      text        CHECK (length(reason) <= 500)          -- safe to show; no addresses, tokens or bodies
) PARTITION BY RANGE (finished_at);
CREATE TABLE queue.attempts_default PARTITION OF queue.attempts DEFAULT;
-- A job's story. Appended nearly in order, for ids are time-ordered.
CREATE INDEX attempts_job_idx ON queue.attempts (job_id);
CREATE TRIGGER attempts_immutable BEFORE UPDATE ON queue.attempts
    FOR EACH ROW EXECUTE FUNCTION queue.refuse_change('an attempt');

-- Dead letters, with their own copy of the body, for the partition it stood in may be dropped.
CREATE TABLE queue.dead (
    job_id   bigint      NOT NULL,
    died_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind     text        COLLATE "C" NOT NULL,
    queue    text        COLLATE "C" NOT NULL,
    reason   text        COLLATE "C" NOT NULL CHECK (reason IN ('attempts', 'discarded', 'worker_lost', 'undecodable')),
    detail   text        CHECK (length(detail) <= 500),            -- safe to show
    lease    integer     NOT NULL,                                 -- so that it still only grows when run again
    attempts smallint    NOT NULL,
    crashes  smallint    NOT NULL,
    body     jsonb       NOT NULL,
    PRIMARY KEY (job_id)                                           -- a job dies once; operators look it up
);
-- The list of dead letters, newest first.
CREATE INDEX dead_died_idx ON queue.dead (died_at DESC);

-- Queues that a worker has served, and whether they are held.
CREATE TABLE queue.queues (
    name      text        COLLATE "C" NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 50),
    paused_at timestamptz,
    PRIMARY KEY (name)                                             -- a claim asks whether its queue is paused
);

-- Who may do what only one should. Leadership avoids waste; no duty needs it to be correct.
CREATE TABLE queue.leader (
    name       text        COLLATE "C" NOT NULL,
    holder     bigint      NOT NULL,
    term       bigint      NOT NULL,                               -- grows with each change of holder
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (name)                                             -- decides an election
) WITH (fillfactor = 50);

-- The hot tables turn over completely: vacuum by a fixed number of dead rows, without pauses. Their statistics would be
-- about rows that are gone, so nothing is analysed; the claim and the finish ask for plans by index themselves.
ALTER TABLE queue.ready SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000000);
ALTER TABLE queue.leases SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000000);
ALTER TABLE queue.scheduled SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.unique_keys SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);

-- For a request whose key was taken: reserves the key if its holder is gone by now, and says who holds it.
-- Each query here sees what others committed since, which the statement around it cannot.
CREATE FUNCTION queue.reserve_key(asked_kind text, asked_key text, asking_job bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    holder bigint;
BEGIN
    LOOP
        SELECT u.job_id INTO holder FROM queue.unique_keys u WHERE u.kind = asked_kind AND u.key = asked_key;
        EXIT WHEN holder IS NOT NULL;
        INSERT INTO queue.unique_keys AS u (kind, key, job_id) VALUES (asked_kind, asked_key, asking_job)
        ON CONFLICT (kind, key) DO NOTHING
        RETURNING u.job_id INTO holder;
        EXIT WHEN holder IS NOT NULL;
    END LOOP;
    RETURN holder;
END $$;

-- Ends a transaction whose job belongs to somebody else by now. Called in the same round trip as COMMIT.
CREATE FUNCTION queue.demand_lease(held boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF held IS NOT TRUE THEN
        RAISE EXCEPTION 'the job''s lease is lost' USING ERRCODE = 'DZ001';
    END IF;
END $$;

-- Which life of the server this is: another one after a restart, a failover, or a crash of one of its processes, which
-- leaves the server's own start as it was but begins its statistics anew. A claim, which is not flushed to disk before
-- it is answered, may be forgotten between two lives and no other time.
CREATE FUNCTION queue.server_life() RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()),
                     (SELECT extract(epoch FROM stats_reset) FROM pg_stat_wal))
$$;

-- What each statement of the program does, and no more. Bodies and attempts are never changed or deleted by it.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA queue FROM PUBLIC;
GRANT USAGE ON SCHEMA queue TO drizzl_app;
GRANT EXECUTE ON FUNCTION queue.new_job_id(), queue.reserve_key(text, text, bigint), queue.demand_lease(boolean),
    queue.server_life() TO drizzl_app;
GRANT USAGE ON SEQUENCE queue.job_ids, queue.ready_seq TO drizzl_app;
GRANT SELECT, INSERT ON queue.jobs, queue.attempts TO drizzl_app;
-- UPDATE of one column stands for the right to lock a row (SELECT … FOR UPDATE); no statement changes these.
GRANT SELECT, INSERT, DELETE, UPDATE (lease) ON queue.ready, queue.scheduled, queue.leases TO drizzl_app;
GRANT SELECT, INSERT, DELETE ON queue.unique_keys TO drizzl_app;
GRANT SELECT, INSERT ON queue.dead TO drizzl_app;
GRANT SELECT, INSERT, DELETE, UPDATE (expires_at) ON queue.workers TO drizzl_app;
GRANT SELECT, INSERT ON queue.queues TO drizzl_app;
GRANT SELECT, INSERT, UPDATE (holder, term, expires_at) ON queue.leader TO drizzl_app;
