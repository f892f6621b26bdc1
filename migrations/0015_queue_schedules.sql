-- What is to happen again and again; partitions that are made ahead and dropped; who keeps old rows from being vacuumed.

-- One row for each schedule that the program declares. No index but the key: there are some dozens at most.
CREATE TABLE queue.schedules (
    name         text        COLLATE "C" NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 100),
    expression   text        NOT NULL,                             -- cron's, read by the program
    zone         text        NOT NULL,                             -- whose clocks count
    catch_up     text        COLLATE "C" NOT NULL CHECK (catch_up IN ('none', 'last', 'all')),
    request      jsonb       NOT NULL,                             -- the job that each fire asks for
    next_fire_at timestamptz NOT NULL,                             -- whoever moves it on, fires
    last_fire_at timestamptz,
    last_job_id  bigint,
    paused_at    timestamptz,
    PRIMARY KEY (name)                                             -- decides who declares and who fires
);

-- The moment at which a job was made, and the first id that a moment has.
CREATE FUNCTION queue.moment_of(job bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
    SELECT to_timestamp(((job >> 20) + 1735689600000) / 1000.0)
$$;
CREATE FUNCTION queue.first_job_id(moment timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT (ceil(extract(epoch FROM moment) * 1000)::bigint - 1735689600000) << 20
$$;

-- The partitions of what grows without end. Bodies, and what is told of them by job id, are cut by the time that is in
-- the id; attempts by when they ended. `lower` and `upper` are moments; neither, for the default.
CREATE VIEW queue.partitions AS
SELECT parent.relname AS parent, part.relname AS name, keyed.by_job,
       bound.is_default, bound.is_default OR bound.lower_text IS NULL AS is_open,
       CASE WHEN keyed.by_job THEN queue.moment_of(bound.lower_text::bigint)
            ELSE bound.lower_text::timestamptz END AS lower,
       CASE WHEN keyed.by_job THEN queue.moment_of(bound.upper_text::bigint)
            ELSE bound.upper_text::timestamptz END AS upper
FROM pg_catalog.pg_partitioned_table p
JOIN pg_catalog.pg_class parent ON parent.oid = p.partrelid
JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
JOIN pg_catalog.pg_inherits i ON i.inhparent = p.partrelid
JOIN pg_catalog.pg_class part ON part.oid = i.inhrelid
CROSS JOIN LATERAL (SELECT a.atttypid = 'bigint'::regtype AS by_job) keyed
CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_expr(part.relpartbound, part.oid) AS text) b
CROSS JOIN LATERAL (
    SELECT b.text = 'DEFAULT' AS is_default,
           (regexp_match(b.text, 'FROM \(''([^'']+)''\)'))[1] AS lower_text,
           (regexp_match(b.text, 'TO \(''([^'']+)''\)'))[1] AS upper_text
) bound
WHERE parent.relnamespace = 'queue'::regnamespace
  AND parent.relname IN ('jobs', 'attempts', 'progress', 'log_lines', 'outputs');

-- The column by which a table of these names its job.
CREATE FUNCTION queue.job_column(parent text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE parent WHEN 'jobs' THEN 'id' ELSE 'job_id' END
$$;

-- The jobs of a range of ids whose bodies stay: those that are alive, and those that ended, or were tried, since then.
-- Alive is whatever a table of this schema names, except those that only tell a job's story: a place that is added some
-- day keeps its bodies without anybody thinking of it here. A job that is not kept is never kept later: dead letters
-- count as alive, and nothing else comes back.
CREATE FUNCTION queue.kept_jobs(first_id bigint, end_id bigint, since timestamptz) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    places text;
BEGIN
    SELECT string_agg(format('SELECT %1$I FROM queue.%2$I WHERE %1$I >= $1 AND %1$I < $2', a.attname, c.relname),
                      ' UNION ')
    INTO places
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('job_id', 'on_job_id')
    WHERE c.relnamespace = 'queue'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN ('attempts', 'progress', 'log_lines', 'outputs', 'batch_ends');
    RETURN QUERY EXECUTE places || ' UNION SELECT job_id FROM queue.attempts
                                     WHERE job_id >= $1 AND job_id < $2 AND finished_at >= $3'
        USING first_id, end_id, since;
END $$;

-- Makes the partition of one week ahead of its time.
--   made      it is there now
--   exists    it, or one over a part of the week, was there
--   busy      somebody held a lock; ask again later
--   occupied  the default holds more of that week than may be moved while others wait; it stays there
-- Nobody waits for this longer than the lock timeout says: whoever comes behind a waiting lock waits as well.
CREATE FUNCTION queue.make_partition(parent_name text, week timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' SET timezone = 'UTC'
AS $$
DECLARE
    by_job     boolean;
    until      timestamptz := week + interval '7 days';
    name       text := format('%s_%s', parent_name, to_char(week, 'YYYY_MM_DD'));
    key_column text := CASE parent_name WHEN 'jobs' THEN 'id' WHEN 'attempts' THEN 'finished_at' ELSE 'job_id' END;
    low        text;
    high       text;
    rows_there bigint;
    storage    text;
BEGIN
    SELECT p.by_job INTO by_job FROM queue.partitions p WHERE p.parent = parent_name AND p.is_default;
    IF NOT FOUND OR week <> date_trunc('week', week) THEN
        RAISE EXCEPTION 'no partition of queue.% begins at %', parent_name, week
            USING HINT = 'partitions are weeks that begin on a Monday, 00:00 UTC';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('queue partitions', 0)) THEN RETURN 'busy'; END IF;
    IF EXISTS (SELECT FROM queue.partitions p
               WHERE p.parent = parent_name AND NOT p.is_default
                 AND p.upper > week AND coalesce(p.lower, '-infinity') < until) THEN
        RETURN 'exists';
    END IF;
    low := CASE WHEN by_job THEN queue.first_job_id(week)::text ELSE week::text END;
    high := CASE WHEN by_job THEN queue.first_job_id(until)::text ELSE until::text END;
    EXECUTE format('SELECT count(*) FROM (SELECT FROM queue.%I WHERE %I >= %L AND %I < %L LIMIT 1001) few',
                   parent_name || '_default', key_column, low, key_column, high) INTO rows_there;
    IF rows_there > 1000 THEN RETURN 'occupied'; END IF;
    SELECT array_to_string(c.reloptions, ', ') INTO storage
    FROM pg_class c WHERE c.oid = format('queue.%I', parent_name || '_default')::regclass;
    EXECUTE format('CREATE TABLE queue.%I (LIKE queue.%I INCLUDING ALL) %s', name, parent_name,
                   'WITH (' || storage || ')');
    IF rows_there > 0 THEN
        -- In the order in which everybody else locks them: the table, then its parts.
        EXECUTE format('LOCK TABLE ONLY queue.%I IN SHARE UPDATE EXCLUSIVE MODE', parent_name);
        EXECUTE format('LOCK TABLE queue.%I IN ACCESS EXCLUSIVE MODE', parent_name || '_default');
        EXECUTE format('WITH moved AS (DELETE FROM queue.%I WHERE %I >= %L AND %I < %L RETURNING *)
                        INSERT INTO queue.%I SELECT * FROM moved',
                       parent_name || '_default', key_column, low, key_column, high, name);
    END IF;
    EXECUTE format('ALTER TABLE queue.%I ATTACH PARTITION queue.%I FOR VALUES FROM (%L) TO (%L)',
                   parent_name, name, low, high);
    RETURN 'made';
EXCEPTION
    -- A row of that week came into the default at this moment: it is moved next time.
    WHEN lock_not_available OR check_violation THEN RETURN 'busy';
END $$;

-- Drops a partition whose rows are all older than `cutoff`; what has to stay is moved into the default first.
--   dropped   it is gone
--   gone      it was gone
--   busy      somebody held a lock; ask again later
--   waiting   the bodies of that time are still there; they go first, for what is told of a job follows its body
--   crowded   more would have to be moved than may be while others wait; prune it row by row
CREATE FUNCTION queue.drop_partition(partition_name text, cutoff timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' SET timezone = 'UTC'
AS $$
DECLARE
    part    record;
    kept    bigint[];
    most    constant integer := 1000;
    job_col text;
BEGIN
    IF cutoff > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'nothing is dropped that is younger than a day';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('queue partitions', 0)) THEN RETURN 'busy'; END IF;
    SELECT p.* INTO part FROM queue.partitions p WHERE p.name = partition_name AND NOT p.is_default;
    IF NOT FOUND THEN RETURN 'gone'; END IF;
    IF part.upper > cutoff THEN
        RAISE EXCEPTION 'queue.% holds rows that are younger than %', partition_name, cutoff;
    END IF;
    IF part.parent <> 'jobs' AND EXISTS (SELECT FROM queue.partitions p
                                         WHERE p.parent = 'jobs' AND p.upper <= part.upper) THEN
        RETURN 'waiting';
    END IF;
    job_col := queue.job_column(part.parent);
    -- Before the lock, for nothing that may go now has to stay later.
    IF part.parent = 'jobs' THEN
        kept := ARRAY(SELECT queue.kept_jobs(coalesce(queue.first_job_id(part.lower), 0),
                                             queue.first_job_id(part.upper), cutoff) LIMIT most + 1);
    ELSE
        kept := ARRAY(SELECT id FROM queue.jobs_default
                      WHERE id < queue.first_job_id(part.upper)
                        AND (NOT part.by_job OR id >= coalesce(queue.first_job_id(part.lower), 0))
                      LIMIT most + 1);
    END IF;
    IF cardinality(kept) > most THEN RETURN 'crowded'; END IF;
    EXECUTE format('ALTER TABLE queue.%I DETACH PARTITION queue.%I', part.parent, part.name);
    IF part.parent = 'jobs' THEN
        -- But for one thing: somebody may since have asked for a job that waits for an ended one. Whoever does has looked
        -- at its body, and so has committed by now or will not find it.
        kept := kept || ARRAY(SELECT on_job_id FROM queue.dependencies
                              WHERE on_job_id >= coalesce(queue.first_job_id(part.lower), 0)
                                AND on_job_id < queue.first_job_id(part.upper));
    END IF;
    EXECUTE format('INSERT INTO queue.%I SELECT * FROM queue.%I WHERE %I = ANY ($1)', part.parent, part.name, job_col)
        USING kept;
    EXECUTE format('DROP TABLE queue.%I', part.name);
    RETURN 'dropped';
EXCEPTION
    WHEN lock_not_available THEN RETURN 'busy';
END $$;

-- Deletes, row by row, what is older than `cutoff` and need not stay: from the default, and from what is too crowded to
-- be dropped. Looks at the next `portion` jobs after `after_id`; gives the last of them, NULL at the end.
CREATE FUNCTION queue.prune_partition(partition_name text, cutoff timestamptz, after_id bigint, portion integer)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
AS $$
DECLARE
    part    record;
    ids     bigint[];
    last_id bigint;
BEGIN
    IF cutoff > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'nothing is deleted that is younger than a day';
    END IF;
    SELECT p.* INTO part FROM queue.partitions p WHERE p.name = partition_name;
    IF NOT FOUND THEN RETURN NULL; END IF;
    EXECUTE format('SELECT array_agg(id), max(id)
                    FROM (SELECT DISTINCT %1$I AS id FROM queue.%2$I WHERE %1$I > $1 AND %1$I < $2
                          ORDER BY %1$I LIMIT $3) few',
                   queue.job_column(part.parent), part.name)
        INTO ids, last_id USING after_id, queue.first_job_id(cutoff), portion;
    IF ids IS NULL THEN RETURN NULL; END IF;
    IF part.parent <> 'jobs' THEN
        EXECUTE format('DELETE FROM queue.%I p
                        WHERE job_id = ANY ($1) AND NOT EXISTS (SELECT FROM queue.jobs j WHERE j.id = p.job_id) %s',
                       part.name, CASE WHEN part.parent = 'attempts' THEN 'AND finished_at < $2' END)
            USING ids, cutoff;
        RETURN last_id;
    END IF;
    ids := ARRAY(SELECT unnest(ids) EXCEPT SELECT queue.kept_jobs(after_id + 1, last_id + 1, cutoff));
    IF cardinality(ids) > 0 THEN
        -- Whoever asks for a job that waits for one of these has looked at its body: as when a partition is dropped.
        EXECUTE format('LOCK TABLE queue.%I IN ACCESS EXCLUSIVE MODE', part.name);
        EXECUTE format('DELETE FROM queue.%I p WHERE id = ANY ($1)
                          AND NOT EXISTS (SELECT FROM queue.dependencies d WHERE d.on_job_id = p.id)', part.name)
            USING ids;
    END IF;
    RETURN last_id;
EXCEPTION
    -- Left for the next time.
    WHEN lock_not_available THEN RETURN last_id;
END $$;

-- Forgets batches that were closed before `cutoff`; gives how many.
CREATE FUNCTION queue.forget_batches(cutoff timestamptz, portion integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM queue.batches
        WHERE id IN (SELECT id FROM queue.batches
                     -- Ids are moments: older ones come first, and the youngest are not looked at.
                     WHERE id < queue.first_job_id(cutoff) AND closed_at < least(cutoff, now() - interval '1 day')
                     ORDER BY id LIMIT portion
                     FOR UPDATE SKIP LOCKED)
        RETURNING id
    )
    SELECT count(*) FROM gone
$$;

-- A default that holds rows would be read from end to end, under a lock, whenever a partition is made. So what there is
-- becomes a partition of its own, up to a Monday that is at least a day away; an empty one stays as it is. Reading it
-- once, to prove that nothing in it is later, takes about a second for three million rows.
DO $$
DECLARE
    part  record;
    until timestamptz := date_trunc('week', now() + interval '8 days', 'UTC');
    found boolean;
BEGIN
    FOR part IN SELECT * FROM queue.partitions WHERE is_default ORDER BY parent = 'jobs' DESC, parent LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM queue.%I)', part.name) INTO found;
        CONTINUE WHEN NOT found;
        EXECUTE format('ALTER TABLE queue.%I DETACH PARTITION queue.%I', part.parent, part.name);
        EXECUTE format('ALTER TABLE queue.%I RENAME TO %I', part.name, part.parent || '_before');
        EXECUTE format('ALTER TABLE queue.%I ATTACH PARTITION queue.%I FOR VALUES FROM (MINVALUE) TO (%L)',
                       part.parent, part.parent || '_before',
                       CASE WHEN part.by_job THEN queue.first_job_id(until)::text ELSE until::text END);
        EXECUTE format('CREATE TABLE queue.%I PARTITION OF queue.%I DEFAULT', part.name, part.parent);
    END LOOP;
END $$;

-- Who keeps the server from removing rows that nobody else can see any more, the one that goes back furthest first.
-- The owner of this function may see what the program may not: what other roles run. The texts are for operators.
CREATE FUNCTION queue.snapshot_holders()
RETURNS TABLE (kind text, pid integer, name text, state text, since timestamptz, transactions bigint, query text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'session', a.pid, concat_ws(' ', a.usename, nullif(a.application_name, '')), a.state, a.xact_start,
           greatest(age(a.backend_xmin), age(a.backend_xid))::bigint, left(a.query, 500)
    FROM pg_stat_activity a
    WHERE (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.pid <> pg_backend_pid()
      AND a.backend_type = 'client backend'
    UNION ALL
    SELECT 'prepared transaction', NULL, p.gid, NULL, p.prepared, age(p.transaction)::bigint, NULL
    FROM pg_prepared_xacts p
    UNION ALL
    SELECT 'replication slot', s.active_pid, s.slot_name, CASE WHEN s.active THEN 'active' ELSE 'inactive' END, NULL,
           greatest(age(s.xmin), age(s.catalog_xmin))::bigint, NULL
    FROM pg_replication_slots s
    WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
    UNION ALL
    SELECT 'standby', r.pid, r.application_name, r.state, NULL, age(r.backend_xmin)::bigint, NULL
    FROM pg_stat_replication r
    WHERE r.backend_xmin IS NOT NULL
    ORDER BY 6 DESC, 5
$$;

REVOKE EXECUTE ON FUNCTION queue.moment_of(bigint), queue.first_job_id(timestamptz), queue.job_column(text),
    queue.kept_jobs(bigint, bigint, timestamptz), queue.make_partition(text, timestamptz),
    queue.drop_partition(text, timestamptz), queue.prune_partition(text, timestamptz, bigint, integer),
    queue.forget_batches(timestamptz, integer), queue.snapshot_holders() FROM PUBLIC;
GRANT SELECT, INSERT, DELETE,
    UPDATE (expression, zone, catch_up, request, next_fire_at, last_fire_at, last_job_id, paused_at)
    ON queue.schedules TO drizzl_app;
GRANT SELECT ON queue.partitions TO drizzl_app;
GRANT EXECUTE ON FUNCTION queue.make_partition(text, timestamptz), queue.drop_partition(text, timestamptz),
    queue.prune_partition(text, timestamptz, bigint, integer), queue.forget_batches(timestamptz, integer),
    queue.snapshot_holders() TO drizzl_app;
GRANT EXECUTE ON FUNCTION queue.moment_of(bigint), queue.first_job_id(timestamptz) TO drizzl_app;
