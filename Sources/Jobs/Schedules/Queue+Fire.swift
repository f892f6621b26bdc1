public import Database
public import Foundation

extension Queue {
    /// The schedules whose moment has come, the longest due first; not those that are paused.
    ///
    /// - Parameter now: The caller's clock.
    /// - Returns: A statement giving a ``StoredSchedule`` for each.
    public static func dueSchedules(at now: Date) -> SQL {
        """
        SELECT \(StoredSchedule.columns)
        FROM queue.schedules
        WHERE next_fire_at <= \(now) AND paused_at IS NULL
        ORDER BY next_fire_at, name
        """
    }

    /// Fires a due schedule in a transaction: moves it on to its next moment and enqueues the jobs of those that came.
    ///
    /// Whoever moves it on from the moment that was read fires it; everybody else does nothing. Both commit or neither,
    /// so a fire is neither lost nor doubled, whoever dies when. Of a long time that is to be made up for, some moments
    /// are fired, and the schedule stays due.
    ///
    /// - Parameters:
    ///   - due: The schedule as it was read.
    ///   - now: The caller's clock, by which it is due.
    ///   - session: A session in a transaction that the caller commits.
    /// - Returns: What became of the jobs, in the order of their moments; `nil` when somebody else fired, paused or
    ///   changed the schedule.
    /// - Throws: ``UnreadableSchedule``, ``DatabaseError``.
    public static func fire(_ due: StoredSchedule, now: Date, in session: Session) throws -> [JobPlacement]? {
        let schedule = try due.understood()
        let firing = ScheduleFiring(
            cron: schedule.cron, zone: schedule.zone, catchUp: schedule.catchUp, due: due.nextFireAt, now: now,
            limit: firesAtOnce)
        let moved = try session.query(moveOn(due, payload: schedule.request.payload, by: firing))
        guard !moved.isEmpty else { return nil }
        let requests = try moved.compactMap { row throws(DatabaseError) in
            try row.optional("payload", as: JSON.self).map { payload in
                var request = schedule.request
                (request.payload, request.runAt) = (payload, nil)
                return request
            }
        }
        let placed = try session.query(enqueue(requests, now: now)).map { row in try JobPlacement(row: row) }
        if let last = placed.last { _ = try session.query(note(last.jobID, of: due.name)) }
        return placed
    }

    /// How many moments of a schedule are fired in one transaction.
    private static let firesAtOnce = 100

    /// Gives a row for each moment, with the payload for it; a row without one when there is none; nothing when the
    /// schedule is not as it was read.
    private static func moveOn(_ due: StoredSchedule, payload: JSON, by firing: ScheduleFiring) -> SQL {
        """
        WITH moved AS (
            UPDATE queue.schedules
            SET next_fire_at = \(firing.next), last_fire_at = coalesce(\(firing.moments.last)::timestamptz, last_fire_at)
            WHERE name = \(due.name) AND next_fire_at = \(due.nextFireAt) AND paused_at IS NULL
              AND (expression, zone, catch_up, request)
                  = (\(due.expression)::text, \(due.zone)::text, \(due.catchUp)::text, \(due.request)::jsonb)
            RETURNING name
        )
        SELECT CASE WHEN m.moment IS NOT NULL THEN \(Self.payload(payload, for: "m.moment")) END AS payload
        FROM moved
        LEFT JOIN unnest(\(firing.moments)::timestamptz[]) WITH ORDINALITY AS m (moment, position) ON true
        ORDER BY m.position
        """
    }

    /// A schedule's payload with the moment for which it is.
    static func payload(_ payload: JSON, for moment: SQL) -> SQL {
        """
        CASE
            -- A list has no members, and to a sealed payload nothing can be added.
            WHEN jsonb_typeof(\(payload)::jsonb) <> 'object' OR \(payload)::jsonb ?& ARRAY['sealed', 'box']
            THEN \(payload)::jsonb
            ELSE \(payload)::jsonb || jsonb_build_object(
                'scheduled_for', to_char(\(moment) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        END
        """
    }

    private static func note(_ job: JobID, of name: String) -> SQL {
        "UPDATE queue.schedules SET last_job_id = \(job) WHERE name = \(name)"
    }
}
