-- What operators do with jobs, and the trace that goes from a request to its events and their jobs.

-- Who did what to which job, and why. Append-only, beside the attempts, which tell what workers did.
CREATE TABLE queue.operations (
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    job_id      bigint,                                            -- none: a pause, which is about many
    replaced_by bigint,                                            -- the job that was made in its place
    action      text        COLLATE "C" NOT NULL CHECK (action IN
                    ('retry', 'edit', 'redrive', 'run_now', 'cancel', 'discard', 'pause', 'resume')),
    scope       text        COLLATE "C" CHECK (scope IN ('queue', 'kind', 'key')),
    name        text        COLLATE "C" CHECK (octet_length(name) BETWEEN 1 AND 500),
    operator    text        NOT NULL CHECK (length(operator) BETWEEN 1 AND 100),
    reason      text        NOT NULL CHECK (length(reason) <= 500),
    PRIMARY KEY (id),
    CHECK ((job_id IS NULL) = (action IN ('pause', 'resume'))),
    CHECK (num_nulls(scope, name) = CASE WHEN job_id IS NULL THEN 0 ELSE 2 END),
    CHECK ((replaced_by IS NULL) = (action <> 'edit'))
);
-- A job's story.
CREATE INDEX operations_job_idx ON queue.operations (job_id) WHERE job_id IS NOT NULL;
CREATE TRIGGER operations_immutable BEFORE UPDATE ON queue.operations
    FOR EACH ROW EXECUTE FUNCTION queue.refuse_change('what an operator did');

-- Among the traits of a hot row 16 says that an operator lets the job pass the pause of its kind.

-- The dead letter that a job was made to replace, with another payload.
ALTER TABLE queue.jobs ADD COLUMN replaces bigint;

-- Dead letters are listed, counted and redriven by queue or by kind. The last column makes a place to go on from.
CREATE INDEX dead_queue_idx ON queue.dead (queue, died_at, job_id);
CREATE INDEX dead_kind_idx ON queue.dead (kind, died_at, job_id);
DROP INDEX queue.dead_died_idx;
CREATE INDEX dead_died_idx ON queue.dead (died_at, job_id);

-- The W3C trace context of the request or job in which it happened. What happened before this has none.
ALTER TABLE workflow_events ADD COLUMN trace_parent text;

GRANT SELECT ON queue.operations TO drizzl_app;
GRANT INSERT (job_id, replaced_by, action, scope, name, operator, reason) ON queue.operations TO drizzl_app;
-- UPDATE (lease) stands for the right to lock a row; no statement changes it.
GRANT DELETE, UPDATE (lease) ON queue.dead TO drizzl_app;
