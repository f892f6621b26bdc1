public import Database
public import Foundation

/// Which jobs are meant; what is nil does not matter.
public struct JobFilter: Sendable, Hashable, Codable {
    /// What is to be done.
    public var kind: String?
    /// The queue.
    public var queue: String?
    /// Where they are.
    public var place: JobPlace?
    /// Their unique key or their concurrency key.
    public var key: String?
    /// The record they are about.
    public var record: UUID?
    /// They were enqueued at this moment or later, by the database's clock.
    public var since: Date?
    /// They were enqueued before this moment, by the database's clock.
    public var until: Date?
    /// They are scheduled because they failed, or for another reason.
    public var isRetrying: Bool?
    /// This stands in what one of their attempts failed with.
    public var error: String?
    /// A worker that has or had them.
    public var worker: Int64?
    /// They succeeded, were called off or died at this moment or later, by the database's clock.
    public var endedSince: Date?
    /// They succeeded, were called off or died before this moment, by the database's clock.
    public var endedUntil: Date?
    /// No operator has done anything to them since this moment, by the database's clock.
    public var untouchedSince: Date?
    /// Their numbers are lower: a list goes on behind this one, the newest first.
    ///
    /// With it a list looks at jobs in the order of their numbers, so that nothing is left out from one part to the next.
    public var before: JobID?

    /// Means all jobs, until something is set.
    public init() {}

    /// What has to be true of a body `b`.
    fileprivate var condition: SQL {
        var conditions: [SQL] = ["b.id >= \(Queue.firstID(at: since))"]
        if let kind { conditions.append("b.kind = \(kind)") }
        if let queue { conditions.append("b.queue = \(queue)") }
        if let key { conditions.append("(b.unique_key = \(key) OR b.concurrency_key = \(key))") }
        if let record { conditions.append("b.record_id = \(record)") }
        if let before { conditions.append("b.id < \(before)") }
        if let until { conditions.append("b.id < \(Queue.firstID(at: until))") }
        conditions += storyConditions
        return conditions.joined(separator: " AND ")
    }
}

extension Queue {
    /// How many jobs a list looks at, at most, to find those that are meant.
    public static let listDepth = 20_000

    /// Jobs with where they are, newest first.
    ///
    /// Looks at ``listDepth`` jobs at most: those that are first in line where the filter names a place, and else the
    /// newest. So a list is quick however much the queue holds, and may leave out what is rare and old.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - limit: How many at most.
    /// - Returns: A statement giving a ``JobSummary`` for each; run it with ``plansByIndex``.
    public static func list(_ filter: JobFilter, limit: Int) -> SQL {
        let chosen: SQL = """
            SELECT b.*
            FROM (\(candidates(filter))) b
            WHERE \(filter.condition)
            ORDER BY b.id DESC
            LIMIT \(limit)::bigint
            """
        return located(chosen) + " ORDER BY job_id DESC"
    }

    /// The numbers of what one look finds, and no more than that.
    static func found(_ filter: JobFilter) -> SQL {
        "SELECT b.id FROM (\(candidates(filter))) b WHERE \(filter.condition)"
    }

    /// How far a list has looked: `bottom`, the lowest number, and `looked`, how many jobs there were.
    ///
    /// - Parameter filter: The list's, with its ``JobFilter/before``.
    /// - Returns: A statement; run it with ``plansByIndex``.
    static func reach(of filter: JobFilter) -> SQL {
        // Those that have ended are looked for among the newest.
        let seen = [.finished, .cancelled].contains(filter.place) ? newest(filter) : candidates(filter)
        return "SELECT min(c.id) AS bottom, count(*) AS looked FROM (\(seen)) c"
    }

    /// The bodies that a list looks at.
    private static func candidates(_ filter: JobFilter) -> SQL {
        switch filter.place {
        case nil: newest(filter)
        case .finished: ended(filter, "succeeded")
        case .cancelled: ended(filter, "cancelled")
        case .dead: deadLetters(filter)
        case .ready:
            inPlace("queue.ready", filter, firstInLine: "queue, shard, priority, seq")
        case .scheduled: inPlace("queue.scheduled", filter, ofRetries(filter), firstInLine: "run_at")
        case .leased: inPlace("queue.leases", filter, firstInLine: "job_id")
        case .blocked: inPlace("queue.blocked", filter, firstInLine: "job_id")
        case .held: inPlace("queue.held", filter, firstInLine: "job_id")
        case .waiting:
            inPlace("queue.waiting", filter, withKey(filter), firstInLine: "concurrency_key, priority, seq")
        }
    }

    private static func inQueue(_ filter: JobFilter) -> SQL {
        filter.queue.map { "queue = \($0)" } ?? "true"
    }

    private static func ofRetries(_ filter: JobFilter) -> SQL {
        filter.isRetrying.map { $0 ? "attempt > 0" : "attempt = 0" } ?? "true"
    }

    private static func behind(_ filter: JobFilter, _ id: SQL) -> SQL {
        filter.before.map { "\(id) < \($0)" } ?? "true"
    }

    private static func ofKind(_ filter: JobFilter) -> SQL {
        filter.kind.map { "kind = \($0)" } ?? "true"
    }

    private static func withKey(_ filter: JobFilter) -> SQL {
        filter.key.map { "concurrency_key = \($0)" } ?? "true"
    }

    private static func about(_ filter: JobFilter) -> SQL {
        filter.record.map { "record_id = \($0)" } ?? "true"
    }

    private static func newest(_ filter: JobFilter) -> SQL {
        """
        SELECT * FROM queue.jobs
        WHERE id >= \(firstID(at: filter.since)) AND \(behind(filter, "id")) AND \(about(filter))
          AND id < \(filter.until.map { firstID(at: $0) } ?? .max)
        ORDER BY id DESC
        LIMIT \(listDepth)::bigint
        """
    }

    private static func ended(_ filter: JobFilter, _ outcome: String) -> SQL {
        """
        SELECT n.* FROM (\(newest(filter))) n
        WHERE EXISTS (SELECT FROM queue.attempts a
                      WHERE a.job_id = n.id AND a.outcome = \(outcome) AND \(isNotTakenBack("a")))
        """
    }

    private static func inPlace(
        _ place: SQL, _ filter: JobFilter, _ more: SQL = "true", firstInLine order: SQL
    ) -> SQL {
        let order: SQL = filter.before == nil ? order : "job_id DESC"
        return """
            SELECT x.*
            FROM (SELECT job_id FROM \(place) WHERE \(inQueue(filter)) AND \(more) AND \(behind(filter, "job_id"))
                  ORDER BY \(order) LIMIT \(listDepth)::bigint) p
            CROSS JOIN LATERAL (SELECT * FROM queue.jobs j WHERE j.id = p.job_id OFFSET 0) x
            """
    }

    /// With their own bodies, and those that died last before the others.
    private static func deadLetters(_ filter: JobFilter) -> SQL {
        let order: SQL = filter.before == nil ? "died_at DESC, job_id DESC" : "job_id DESC"
        return """
            SELECT x.*
            FROM (
                SELECT body FROM queue.dead
                WHERE \(inQueue(filter)) AND \(ofKind(filter)) AND \(behind(filter, "job_id"))
                ORDER BY \(order)
                LIMIT \(listDepth)::bigint
            ) d
            CROSS JOIN LATERAL jsonb_populate_record(NULL::queue.jobs, \(bodyDefaults) || d.body) x
            """
    }

    /// The lowest number that a job can have which is enqueued at a moment.
    static func firstID(at moment: Date?) -> Int64 {
        guard let moment else { return .min }
        let milliseconds = (moment.timeIntervalSince1970 * 1_000).rounded(.down) - 1_735_689_600_000
        // The counter takes 20 bits; see queue.new_job_id().
        return Int64(exactly: milliseconds).map { max(0, min($0, Int64.max >> 20)) << 20 } ?? .min
    }
}
