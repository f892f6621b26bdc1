-- What running jobs tell of themselves, handlers that do not stop, and payloads that only key holders read.
-- All of it beside the hot path: a job that tells nothing writes nothing here.

-- How far a job is. One row per job, overwritten at most once a second; the row of a job that ended says how far it got.
CREATE TABLE queue.progress (
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    job_id     bigint      NOT NULL,
    lease      integer     NOT NULL,                               -- a lower one does not overwrite a higher one
    fraction   double precision NOT NULL CHECK (fraction BETWEEN 0 AND 1),
    message    text        CHECK (length(message) <= 500),         -- safe to show
    PRIMARY KEY (job_id)                                           -- overwritten and shown by job
) PARTITION BY RANGE (job_id);
-- Half of a page is left free, so that overwriting a row stays in it.
CREATE TABLE queue.progress_default PARTITION OF queue.progress DEFAULT WITH (fillfactor = 50);

-- What a job said, line by line. Append-only.
CREATE TABLE queue.log_lines (
    job_id    bigint      NOT NULL,
    lease     integer     NOT NULL,
    line      integer     NOT NULL CHECK (line > 0),               -- counted from 1 in each lease
    logged_at timestamptz NOT NULL,                                -- by the worker's clock: lines are written later
    level     text        COLLATE "C" NOT NULL CHECK (level IN
                  ('trace', 'debug', 'info', 'notice', 'warning', 'error', 'critical')),
    text      text        NOT NULL CHECK (length(text) <= 500),    -- safe to show
    PRIMARY KEY (job_id, lease, line)                              -- read in this order; written twice, kept once
) PARTITION BY RANGE (job_id);
CREATE TABLE queue.log_lines_default PARTITION OF queue.log_lines DEFAULT;

-- What came of a job, for whoever waits for it.
CREATE TABLE queue.outputs (
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    job_id     bigint      NOT NULL,
    lease      integer     NOT NULL,                               -- a lower one does not overwrite a higher one
    value      jsonb       NOT NULL CHECK (octet_length(value::text) <= 131072),
    PRIMARY KEY (job_id)                                           -- one for each job
) PARTITION BY RANGE (job_id);
CREATE TABLE queue.outputs_default PARTITION OF queue.outputs DEFAULT;

-- Handlers that went on although their task was cancelled: the job was taken from them, but they may hold a thread or a
-- connection until their process ends. A row stands until the handler ends or its worker is gone.
CREATE TABLE queue.stuck_handlers (
    stuck_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    worker_id     bigint      NOT NULL,
    job_id        bigint      NOT NULL,
    lease         integer     NOT NULL,
    time_limit_ms bigint      NOT NULL,
    kind          text        COLLATE "C" NOT NULL,
    queue         text        COLLATE "C" NOT NULL,
    PRIMARY KEY (worker_id, job_id, lease)                         -- one for each run; there are few
);

-- Which live jobs name which key: how long an old key is still needed. Jobs in the clear are not in it.
CREATE INDEX jobs_sealed_idx ON queue.jobs ((payload ->> 'sealed')) WHERE payload ? 'sealed' AND payload ? 'box';

-- A job whose payload is sealed with a key that a worker does not have waits like one of an unknown kind.
ALTER TABLE queue.attempts DROP CONSTRAINT attempts_outcome_check;
ALTER TABLE queue.attempts ADD CONSTRAINT attempts_outcome_check CHECK (outcome IN
    ('succeeded', 'failed', 'snoozed', 'discarded', 'lost', 'released', 'unknown_kind', 'undecodable', 'cancelled',
     'unknown_key'));

GRANT SELECT, INSERT, UPDATE (changed_at, lease, fraction, message) ON queue.progress TO drizzl_app;
GRANT SELECT, INSERT ON queue.log_lines TO drizzl_app;
GRANT SELECT, INSERT, UPDATE (written_at, lease, value) ON queue.outputs TO drizzl_app;
GRANT SELECT, INSERT, DELETE ON queue.stuck_handlers TO drizzl_app;
