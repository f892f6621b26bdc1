public import Database
public import Jobs

/// What the overview shows: read once for all who look at the same time.
///
/// However many look, the database is asked once a second by each process (O-02).
public actor OpsBoard {
    /// One look.
    public struct Look: Sendable {
        /// What each queue holds.
        public let queues: [QueueOverview]
        /// How much each queue took in and gave out, in each of the last sixty minutes.
        public let throughput: [String: QueueThroughput]
        /// The pauses in force.
        public let pauses: [JobPause]
        /// The queues for which a process takes jobs.
        public let served: Set<String>
    }

    private let pool: Pool
    private let life: Duration
    private var last: (look: Look, readAt: ContinuousClock.Instant)?
    private var reading: Task<Look, any Error>?

    /// Begins to look; nothing is read yet.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - life: How long what was read is shown.
    public init(pool: Pool, life: Duration = .seconds(1)) {
        (self.pool, self.life) = (pool, life)
    }

    /// What there is, no older than ``init(pool:life:)`` says.
    ///
    /// - Returns: What was read.
    /// - Throws: `DatabaseError`.
    public func look() async throws -> Look {
        if let last, last.readAt.duration(to: .now) < life { return last.look }
        // Who asks meanwhile waits for the same answer.
        let task = reading ?? Task { [pool] in try await pool.run { try Self.read(in: $0) } }
        reading = task
        defer { if reading == task { reading = nil } }
        let began = ContinuousClock().now
        let look = try await task.value
        if reading == task { last = (look, began) }
        return look
    }

    /// Forgets what was read, for somebody has changed something.
    public func forget() { (last, reading) = (nil, nil) }

    private static func read(in session: Session) throws -> Look {
        let throughput = try QueueThroughput.read(.queues, by: .minute, last: 60, in: session)
        let queues = try QueueOverview.all(in: session)
        let results = try session.pipeline([Queue.pauses(), Queue.workers()])
        let workers = try results[1].rows.map(QueueWorker.init(row:))
        return Look(
            queues: queues, throughput: Dictionary(uniqueKeysWithValues: throughput.map { ($0.name, $0) }),
            pauses: try results[0].rows.map(JobPause.init),
            served: Set(workers.filter { $0.drain == nil }.flatMap(\.queues)))
    }
}
