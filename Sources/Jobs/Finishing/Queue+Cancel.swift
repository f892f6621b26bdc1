public import Database

extension Queue {
    /// Calls jobs off, in the caller's transaction.
    ///
    /// Those that nobody has begun end at once as cancelled, wherever they are, and whatever waits for them is
    /// cancelled with them. A job that runs is marked: its worker learns it by ``notifyCancelled(_:)`` or with its next
    /// heartbeat and stops it. If it succeeds nevertheless, it has succeeded; however else it ends, it is cancelled.
    /// Dead letters and jobs that have ended are left alone.
    ///
    /// A job that moves from one place to another at this very moment may be missed; ``cancelAll(_:reason:in:)`` looks
    /// again.
    ///
    /// - Parameters:
    ///   - jobs: The jobs.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` for each job that was reached, `worker_id` for those that run, and for
    ///   the others what is to be followed up; see ``QueueFollowUp``.
    public static func cancel(_ jobs: [JobID], reason: String) -> SQL {
        """
        WITH asked AS MATERIALIZED (
            SELECT j.id, j.queue
            FROM unnest(\(jobs.map(\.rawValue))::bigint[]) AS a (id)
            CROSS JOIN LATERAL (SELECT b.id, b.queue FROM queue.jobs b WHERE b.id = a.id OFFSET 0) j
        ),
        \(begunByNobody),
        running AS MATERIALIZED (
            SELECT job_id
            FROM queue.leases
            WHERE job_id IN (SELECT id FROM asked)
            ORDER BY job_id
            FOR UPDATE
        ),
        marked AS (
            UPDATE queue.leases
            SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
                cancel_reason = coalesce(cancel_reason, \(SafeText.cut(reason)))
            WHERE job_id = ANY (ARRAY(SELECT job_id FROM running))
            RETURNING job_id, worker_id
        ),
        ended AS (SELECT job_id, traits, 'cancelled'::text AS outcome FROM gone),
        unslotted AS (SELECT job_id, traits FROM gone),
        \(endings),
        recorded AS (
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
            SELECT job_id, lease + 1, attempt, queue, 'cancelled', \(SafeText.cut(reason)) FROM gone
            RETURNING job_id
        )
        SELECT a.job_id, NULL::bigint AS worker_id, a.freed_key, a.dependents FROM (\(answer("recorded"))) a
        UNION ALL
        SELECT job_id, worker_id, NULL, NULL FROM marked
        ORDER BY job_id
        """
    }

    /// Ends a job as cancelled because its handler says so.
    ///
    /// - Parameters:
    ///   - lease: The lease; does nothing when it no longer holds.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` when the lease held, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func cancel(_ lease: JobLease, reason: String) -> SQL {
        """
        WITH \(goneLeases([lease])),
        ended AS (SELECT job_id, traits, 'cancelled'::text AS outcome FROM gone),
        unslotted AS (SELECT job_id, traits FROM gone),
        \(endings),
        \(recorded(as: "cancelled", reason: reason))
        \(answer("recorded"))
        """
    }

    /// Ends jobs that nobody has begun as no longer due, in the caller's transaction.
    ///
    /// They count as succeeded. A job that runs is left alone: its handler looks at the world again. The unique keys
    /// are free again.
    ///
    /// - Parameters:
    ///   - events: A query that gives the ids of the events that caused them.
    ///   - reason: A safe text for operators.
    ///   - spared: The kinds of jobs that stay.
    /// - Returns: A statement giving the `job_id` of each job that was ended, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func cancel(causedBy events: SQL, reason: String, sparing spared: [String] = []) -> SQL {
        """
        WITH asked AS MATERIALIZED (
            SELECT id, queue FROM queue.jobs WHERE event_id IN (\(events)) AND NOT (kind = ANY(\(spared)))
        ),
        \(begunByNobody),
        ended AS (SELECT job_id, traits, 'succeeded'::text AS outcome FROM gone),
        unslotted AS (SELECT job_id, traits FROM gone),
        \(endings),
        recorded AS (
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
            SELECT job_id, lease + 1, attempt, queue, 'succeeded', \(SafeText.cut(reason)) FROM gone
            RETURNING job_id
        )
        \(answer("recorded"))
        """
    }

    /// Takes the jobs in `asked` out of wherever they wait: `gone`, with what is recorded of them.
    ///
    /// Of each table in the order of the ids, so that two who call off the same jobs do not wait for each other.
    private static var begunByNobody: SQL {
        let places: [SQL] = ["blocked", "scheduled", "waiting", "ready", "held"]
        let taken = places.map { place -> SQL in
            // `ready` has no index by job: its lines are read, of the queues that may have them.
            let line: SQL = "ready" == place.text ? "queue IN (SELECT queue FROM asked) AND " : ""
            return """
                \(place)_rows AS MATERIALIZED (
                    SELECT ctid AS tid
                    FROM queue.\(place)
                    WHERE \(line)job_id IN (SELECT id FROM asked)
                    ORDER BY job_id
                    FOR UPDATE
                ),
                \(place)_gone AS (
                    DELETE FROM queue.\(place)
                    WHERE ctid = ANY (ARRAY(SELECT tid FROM \(place)_rows))
                    RETURNING job_id, lease, attempt, traits, queue
                )
                """
        }
        let all = places.map { place -> SQL in "SELECT * FROM \(place)_gone" }.joined(separator: " UNION ALL ")
        return taken.joined(separator: ",\n") + """
            ,
            gone AS MATERIALIZED (\(all)),
            untied AS (
                DELETE FROM queue.dependencies
                WHERE ctid = ANY (ARRAY(
                    SELECT d.tid
                    FROM blocked_gone b
                    CROSS JOIN LATERAL (
                        SELECT x.ctid AS tid FROM queue.dependencies x WHERE x.job_id = b.job_id OFFSET 0
                    ) d))
            )
            """
    }
}
