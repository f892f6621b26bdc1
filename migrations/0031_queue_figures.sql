-- How much each queue and kind takes in and gives out, and how long runs take: by the minute for a day, by the hour for
-- a month. A duty adds to them what has happened since it last looked; what it has not looked at yet is read from where
-- it was written.

CREATE TABLE queue.throughput (
    span      text        NOT NULL COLLATE "C" CHECK (span IN ('minute', 'hour')),
    at        timestamptz NOT NULL,
    queue     text        NOT NULL COLLATE "C",
    kind      text        NOT NULL COLLATE "C",
    enqueued  integer     NOT NULL DEFAULT 0,
    succeeded integer     NOT NULL DEFAULT 0,
    cancelled integer     NOT NULL DEFAULT 0,
    failed    integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (span, at, queue, kind)
);

-- A bin is a quarter of a doubling, the first begins at a tenth of a millisecond.
CREATE TABLE queue.run_times (
    span  text        NOT NULL COLLATE "C" CHECK (span IN ('minute', 'hour')),
    at    timestamptz NOT NULL,
    queue text        NOT NULL COLLATE "C",
    kind  text        NOT NULL COLLATE "C",
    bin   smallint    NOT NULL,
    runs  integer     NOT NULL,
    PRIMARY KEY (span, at, queue, kind, bin)
);

-- One row: up to where they have been added up.
CREATE TABLE queue.figures (
    one    boolean     PRIMARY KEY DEFAULT true CHECK (one),
    until  timestamptz NOT NULL
);
INSERT INTO queue.figures (until) VALUES (date_trunc('second', clock_timestamp()));

CREATE FUNCTION queue.run_time_bin(run interval) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN floor(4 * ln(greatest(extract(epoch FROM run) * 10000, 1)) / ln(2))::smallint;

-- Attempts are written in the order of their ends, so a summary of each stretch of the table finds a time.
CREATE INDEX attempts_finished_idx ON queue.attempts USING brin (finished_at)
    WITH (pages_per_range = 16, autosummarize = on);

GRANT SELECT, INSERT, UPDATE, DELETE ON queue.throughput, queue.run_times TO drizzl_app;
GRANT SELECT, UPDATE (until) ON queue.figures TO drizzl_app;
GRANT EXECUTE ON FUNCTION queue.run_time_bin(interval) TO drizzl_app;
