-- The queue's second half: limits, tenants, batches, dependencies, pauses, cancelling.
--
-- The state of a job is still which narrow table holds its row, and it is in exactly one:
--     blocked | waiting | scheduled | ready | held | leases | dead | ended (its last row in attempts says 'succeeded'
--     or 'cancelled').
-- It may be applied while jobs run and while programs of the version before work: what they write is right for the jobs
-- they know. Limits, tenants, batches and dependencies are asked for once all programs are of this version.

ALTER TABLE queue.jobs
    ADD COLUMN concurrency_key   text COLLATE "C" CHECK (octet_length(concurrency_key) BETWEEN 1 AND 500),
    ADD COLUMN concurrency_limit smallint CHECK (concurrency_limit >= 1),
    ADD COLUMN rate_key          text COLLATE "C" CHECK (octet_length(rate_key) BETWEEN 1 AND 500),
    ADD COLUMN rate_interval_us  bigint CHECK (rate_interval_us >= 1),      -- from one job of the key to the next
    ADD COLUMN rate_burst        integer CHECK (rate_burst >= 1),           -- how many may go at once after a rest
    ADD COLUMN tenant            text COLLATE "C" CHECK (octet_length(tenant) BETWEEN 1 AND 500),
    ADD COLUMN batch_id          bigint,
    ADD COLUMN on_lost           text COLLATE "C" NOT NULL DEFAULT 'retry'
        CHECK (on_lost IN ('retry', 'dead', 'attempt')),
    ADD CHECK ((concurrency_key IS NULL) = (concurrency_limit IS NULL)),
    ADD CHECK (num_nulls(rate_key, rate_interval_us, rate_burst) IN (0, 3));

-- What a job has beside itself, so that a claim and a finish look the body up only when they must: 1 a unique key,
-- 2 a concurrency key, 4 a rate limit, 8 a batch. The default, which rows have that were there before and rows of the
-- program's version before, says "perhaps a unique key", which is always right: it is looked for and not found.
ALTER TABLE queue.ready ADD COLUMN traits smallint NOT NULL DEFAULT 1;
ALTER TABLE queue.scheduled
    ADD COLUMN traits     smallint NOT NULL DEFAULT 1,
    ADD COLUMN is_planned boolean  NOT NULL DEFAULT false;         -- its moment was given to it by its rate limit
ALTER TABLE queue.leases
    ADD COLUMN traits              smallint NOT NULL DEFAULT 1,
    ADD COLUMN cancel_requested_at timestamptz,
    ADD COLUMN cancel_reason       text CHECK (length(cancel_reason) <= 500);
-- A worker asks with each heartbeat which of its jobs are to be cancelled.
CREATE INDEX leases_cancel_idx ON queue.leases (worker_id) WHERE cancel_requested_at IS NOT NULL;

ALTER TABLE queue.attempts DROP CONSTRAINT attempts_outcome_check;
ALTER TABLE queue.attempts ADD CONSTRAINT attempts_outcome_check CHECK (outcome IN
    ('succeeded', 'failed', 'snoozed', 'discarded', 'lost', 'released', 'unknown_kind', 'undecodable', 'cancelled'));

CREATE FUNCTION queue.traits(unique_key text, concurrency_key text, rate_key text, batch_id bigint) RETURNS smallint
LANGUAGE sql IMMUTABLE AS $$
    SELECT ((unique_key IS NOT NULL)::integer + 2 * (concurrency_key IS NOT NULL)::integer
            + 4 * (rate_key IS NOT NULL)::integer + 8 * (batch_id IS NOT NULL)::integer)::smallint
$$;

-- Where a tenant's jobs stand in line: 1 to 15, the same for ever; jobs without a tenant stand in 0.
CREATE FUNCTION queue.shard(tenant text) RETURNS smallint
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN tenant IS NULL THEN 0
                ELSE 1 + ('x' || substr(md5(tenant), 1, 7))::bit(28)::integer % 15 END::smallint
$$;

-- Jobs that could run but for their concurrency key, which others use up.
CREATE TABLE queue.waiting (
    concurrency_key text     COLLATE "C" NOT NULL,
    priority        smallint NOT NULL,
    seq             bigint   NOT NULL DEFAULT nextval('queue.ready_seq'),
    job_id          bigint   NOT NULL,
    lease           integer  NOT NULL DEFAULT 0,
    slots           smallint NOT NULL,                             -- the job's own limit
    shard           smallint NOT NULL DEFAULT 0,
    attempt         smallint NOT NULL DEFAULT 0,
    crashes         smallint NOT NULL DEFAULT 0,
    traits          smallint NOT NULL,
    queue           text     COLLATE "C" NOT NULL,
    PRIMARY KEY (concurrency_key, priority, seq),                  -- who is next
    UNIQUE (job_id)                                                -- a job is here once; cancelling looks it up
);

-- Who may run under a concurrency key: a job has its slot while it is ready, or leased, and no longer.
CREATE TABLE queue.concurrency_slots (
    concurrency_key text     COLLATE "C" NOT NULL,
    slot            smallint NOT NULL CHECK (slot >= 1),
    job_id          bigint   NOT NULL,
    PRIMARY KEY (concurrency_key, slot),                           -- decides races: the limit is exact
    UNIQUE (job_id)                                                -- a finish gives its slot back
);

-- Jobs that begin only when others have succeeded.
CREATE TABLE queue.blocked (
    job_id     bigint      NOT NULL,
    blocked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_at     timestamptz,                                        -- not before, by the caller's clock
    lease      integer     NOT NULL DEFAULT 0,
    shard      smallint    NOT NULL DEFAULT 0,
    priority   smallint    NOT NULL,
    attempt    smallint    NOT NULL DEFAULT 0,
    crashes    smallint    NOT NULL DEFAULT 0,
    traits     smallint    NOT NULL,
    queue      text        COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id)                                           -- a job is here once; the sweep goes along it
);

-- What blocks them. A success takes its rows away; a cancelled job's stay until whoever waits has been cancelled, too.
CREATE TABLE queue.dependencies (
    on_job_id bigint NOT NULL,
    job_id    bigint NOT NULL,
    PRIMARY KEY (on_job_id, job_id),                               -- who waits for the job that ends
    CHECK (on_job_id <> job_id)
);
-- What a blocked job still waits for.
CREATE INDEX dependencies_job_idx ON queue.dependencies (job_id);

-- Jobs that a claim came upon while their kind or their key was paused.
CREATE TABLE queue.held (
    job_id   bigint      NOT NULL,
    held_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seq      bigint      NOT NULL,                                 -- its place in the line, when it is let go
    lease    integer     NOT NULL,
    shard    smallint    NOT NULL,
    priority smallint    NOT NULL,
    attempt  smallint    NOT NULL,
    crashes  smallint    NOT NULL,
    traits   smallint    NOT NULL,
    queue    text        COLLATE "C" NOT NULL,
    scope    text        COLLATE "C" NOT NULL,                     -- the pause that holds it
    name     text        COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id)                                           -- a job is here once; operators look it up
);
-- What is held by a pause that is over.
CREATE INDEX held_pause_idx ON queue.held (scope, name, job_id);

-- Kinds and concurrency keys whose jobs are not begun; a queue's pause is in queue.queues.
CREATE TABLE queue.pauses (
    scope     text        COLLATE "C" NOT NULL CHECK (scope IN ('kind', 'key')),
    name      text        COLLATE "C" NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 500),
    paused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    paused_by text        NOT NULL,
    reason    text        NOT NULL CHECK (length(reason) <= 500),
    PRIMARY KEY (scope, name)                                      -- a claim asks
);
ALTER TABLE queue.queues
    ADD COLUMN paused_by    text,
    ADD COLUMN pause_reason text CHECK (length(pause_reason) <= 500);

-- How far the jobs of a rate limit have got (GCRA). A row that lies in the past says nothing and may be deleted.
CREATE TABLE queue.rate_limits (
    key         text        COLLATE "C" NOT NULL,
    tat         timestamptz NOT NULL,                              -- the theoretical arrival time of the next job
    planned_to  timestamptz NOT NULL,                              -- what it will be when all put off have gone
    let_through integer     NOT NULL,                              -- how many the last promotion let go; its answer
    PRIMARY KEY (key)                                              -- a promotion takes all due jobs of a key at once
) WITH (fillfactor = 50);

-- How many of `asked` jobs may go at `moment`.
CREATE FUNCTION queue.let_through(
    tat timestamptz, moment timestamptz, interval_us bigint, burst integer, asked bigint
) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT greatest(0, least(asked,
               floor(extract(epoch FROM least(interval '0', moment - tat)) * 1000000 / interval_us)::bigint + burst
           ))::integer
$$;

-- Jobs that belong together, and what is to be done when all have ended.
CREATE TABLE queue.batches (
    id         bigint      NOT NULL DEFAULT queue.new_job_id(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    callback   jsonb,                                              -- a request, enqueued when the batch is closed
    total      bigint      NOT NULL DEFAULT 0 CHECK (total >= 0),
    succeeded  bigint      NOT NULL DEFAULT 0 CHECK (succeeded >= 0),
    dead       bigint      NOT NULL DEFAULT 0 CHECK (dead >= 0),
    cancelled  bigint      NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    sealed_at  timestamptz,                                        -- no jobs are added any more
    closed_at  timestamptz,                                        -- all have ended, and the callback is enqueued
    PRIMARY KEY (id)
) WITH (fillfactor = 50);
-- What may be closed.
CREATE INDEX batches_sealed_idx ON queue.batches (id) WHERE sealed_at IS NOT NULL AND closed_at IS NULL;

-- Jobs added to a batch and not yet counted in its row, which so many transactions at once would wait for.
CREATE TABLE queue.batch_joins (
    batch_id bigint  NOT NULL,
    job_id   bigint  NOT NULL,                                     -- the first of them
    jobs     integer NOT NULL CHECK (jobs > 0),
    PRIMARY KEY (batch_id, job_id)                                 -- a batch is closed only when it has none
);
-- Jobs of a batch that have ended and are not yet counted.
CREATE TABLE queue.batch_ends (
    batch_id bigint NOT NULL,
    job_id   bigint NOT NULL,
    outcome  text   COLLATE "C" NOT NULL CHECK (outcome IN ('succeeded', 'dead', 'cancelled')),
    PRIMARY KEY (batch_id, job_id)                                 -- a job ends once; a redrive takes its end back
);

ALTER TABLE queue.waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.concurrency_slots SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.blocked SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.dependencies SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.batch_joins SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE queue.batch_ends SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);

-- Demands that jobs may be added to these batches, and keeps them from being sealed until the transaction ends. The
-- lock is shared: neither those who add nor the counting wait for each other, only sealing waits.
CREATE FUNCTION queue.demand_open(batches bigint[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    closed bigint;
BEGIN
    PERFORM FROM queue.batches b WHERE b.id = ANY (batches) ORDER BY b.id FOR KEY SHARE;
    SELECT asked.id INTO closed
    FROM unnest(batches) AS asked (id)
    WHERE NOT EXISTS (SELECT FROM queue.batches b WHERE b.id = asked.id AND b.sealed_at IS NULL)
    LIMIT 1;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'no jobs can be added to the batch %: %', closed,
            CASE WHEN EXISTS (SELECT FROM queue.batches b WHERE b.id = closed)
                 THEN 'it is sealed' ELSE 'it does not exist' END
            USING ERRCODE = '55DZ2';
    END IF;
    RETURN true;
END $$;

-- Demands that what jobs are to wait for exists: `resolved` are all of them, NULL for a position that is none; `given`
-- are those that were named by id.
CREATE FUNCTION queue.demand_upstream(resolved bigint[], given bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    unknown bigint;
BEGIN
    IF array_position(resolved, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'a job can wait only for one that stands before it in the same request, or that exists already'
            USING ERRCODE = '42DZ3';
    END IF;
    SELECT asked.id INTO unknown
    FROM unnest(given) AS asked (id)
    WHERE NOT EXISTS (SELECT FROM queue.jobs j WHERE j.id = asked.id)
    LIMIT 1;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'no job can wait for the job %: it does not exist, or ended so long ago that it was forgotten',
            unknown USING ERRCODE = '42DZ3';
    END IF;
    RETURN true;
END $$;

-- What each statement of the program does, and no more.
REVOKE EXECUTE ON FUNCTION queue.traits(text, text, text, bigint), queue.shard(text),
    queue.let_through(timestamptz, timestamptz, bigint, integer, bigint), queue.demand_open(bigint[]),
    queue.demand_upstream(bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queue.traits(text, text, text, bigint), queue.shard(text),
    queue.let_through(timestamptz, timestamptz, bigint, integer, bigint), queue.demand_open(bigint[]),
    queue.demand_upstream(bigint[], bigint[]) TO drizzl_app;
-- UPDATE (lease) stands for the right to lock a row; no statement changes it.
GRANT SELECT, INSERT, DELETE, UPDATE (lease) ON queue.waiting, queue.blocked, queue.held TO drizzl_app;
GRANT UPDATE (cancel_requested_at, cancel_reason) ON queue.leases TO drizzl_app;
GRANT SELECT, INSERT, DELETE ON queue.concurrency_slots, queue.dependencies, queue.pauses TO drizzl_app;
GRANT UPDATE (paused_at, paused_by, pause_reason) ON queue.queues TO drizzl_app;
GRANT SELECT, INSERT, DELETE, UPDATE (tat, planned_to, let_through) ON queue.rate_limits TO drizzl_app;
GRANT SELECT, INSERT (callback), UPDATE (total, succeeded, dead, cancelled, sealed_at, closed_at)
    ON queue.batches TO drizzl_app;
GRANT SELECT, INSERT, DELETE, UPDATE (job_id) ON queue.batch_joins, queue.batch_ends TO drizzl_app;
