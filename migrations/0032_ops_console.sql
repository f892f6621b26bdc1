-- What the ops console lacked: a worker that takes nothing new, and alerts that somebody has taken note of.

-- A worker that is being drained; with the process it ends, as the row does.
ALTER TABLE queue.workers
    ADD COLUMN draining_at  timestamptz,
    ADD COLUMN drained_by   text CHECK (length(drained_by) BETWEEN 1 AND 100),
    ADD COLUMN drain_reason text CHECK (length(drain_reason) <= 500),
    ADD CONSTRAINT workers_draining_check CHECK (num_nulls(draining_at, drained_by, drain_reason) IN (0, 3));
GRANT UPDATE (draining_at, drained_by, drain_reason) ON queue.workers TO drizzl_app;

ALTER TABLE queue.operations
    DROP CONSTRAINT operations_action_check,
    ADD CONSTRAINT operations_action_check CHECK (action IN
        ('retry', 'edit', 'redrive', 'run_now', 'cancel', 'discard', 'pause', 'resume', 'drain')),
    DROP CONSTRAINT operations_check,
    ADD CONSTRAINT operations_check CHECK ((job_id IS NULL) = (action IN ('pause', 'resume', 'drain'))),
    DROP CONSTRAINT operations_scope_check,
    ADD CONSTRAINT operations_scope_check CHECK (scope IN ('queue', 'kind', 'key', 'schedule', 'worker'));

-- Somebody knows of an alert. Alerts are worked out from what there is, so this row says besides when the alert was
-- there last: what begins after that is another one, of which nobody knows.
CREATE TABLE alert_notes (
    kind            text        NOT NULL COLLATE "C" CHECK (octet_length(kind) BETWEEN 1 AND 100),
    subject         text        NOT NULL COLLATE "C" CHECK (octet_length(subject) BETWEEN 1 AND 500),
    acknowledged_at timestamptz NOT NULL,
    acknowledged_by uuid        NOT NULL REFERENCES admins (id),
    note            text        CHECK (length(note) BETWEEN 1 AND 500),
    seen_at         timestamptz NOT NULL,
    PRIMARY KEY (kind, subject)
);
GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON alert_notes TO drizzl_app;
