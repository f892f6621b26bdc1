internal import Database

/// What one claim gave.
public struct Claim: Sendable {
    /// Where a row of `ready` stood that was taken.
    struct Row: Sendable {
        let shard: Int16
        let priority: Int16
        let seq: Int64
    }

    /// The jobs that the worker has now, in the order in which they are to run.
    public let jobs: [ClaimedJob]
    /// The shards that had jobs.
    let shards: [Int16]
    /// What was taken: the jobs, and those that were held because their kind or their key is paused.
    let rows: [Row]

    /// How many rows were taken: as many as asked for means that there may be more.
    public var taken: Int { rows.count }

    /// Reads the rows of ``Queue/claim(for:from:floors:count:turn:)``.
    init(rows: [Database.Row]) throws(DatabaseError) {
        var (jobs, taken): ([ClaimedJob], [Row]) = ([], [])
        for row in rows {
            taken.append(
                Row(shard: try row.value("shard"), priority: try row.value("priority"), seq: try row.value("seq")))
            if try row.optional("lease", as: Int32.self) != nil { jobs.append(try ClaimedJob(row: row)) }
        }
        shards = try rows.first?.value("shards") ?? []
        self.rows = taken
        self.jobs = Self.inTurn(jobs)
    }

    /// Lets the shards take turns within each priority.
    ///
    /// - Parameter jobs: By priority and age.
    /// - Returns: The same jobs.
    private static func inTurn(_ jobs: [ClaimedJob]) -> [ClaimedJob] {
        guard let first = jobs.first?.shard, jobs.contains(where: { $0.shard != first }) else { return jobs }
        struct Line: Hashable {
            let shard: Int16
            let priority: Int16
        }
        var lengths: [Line: Int] = [:]
        let placed = jobs.map { job in
            let line = Line(shard: job.shard, priority: job.priority)
            defer { lengths[line, default: 0] += 1 }
            return (job: job, turn: lengths[line, default: 0])
        }
        return placed.sorted { ($0.job.priority, $0.turn, $0.job.seq) < ($1.job.priority, $1.turn, $1.job.seq) }
            .map(\.job)
    }
}
