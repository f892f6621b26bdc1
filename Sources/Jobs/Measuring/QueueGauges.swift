public import Database
public import Telemetry

/// What the queue holds, as figures: read from the database, at most every few seconds however often it is asked.
///
/// The same in every process, for it is about all of them.
public actor QueueGauges {
    private let pool: Pool
    private let life: Duration
    private var last: (families: [MetricFamily], readAt: ContinuousClock.Instant)?
    private var reading: Task<[MetricFamily], any Error>?

    /// Begins to look; nothing is read yet.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - life: How long what was read is believed.
    public init(pool: Pool, life: Duration = .seconds(5)) {
        (self.pool, self.life) = (pool, life)
    }

    /// The figures.
    ///
    /// - Returns: What was read lately; only `drizzl_database_up 0` when the database does not answer.
    public func families() async -> [MetricFamily] {
        do {
            return [Self.isUp(true)] + (try await figures())
        } catch {
            return [Self.isUp(false)]
        }
    }

    private func figures() async throws -> [MetricFamily] {
        if let last, last.readAt.duration(to: .now) < life { return last.families }
        // Who asks meanwhile waits for the same answer.
        let task =
            reading
            ?? Task { [pool] in
                try await pool.run { session in try Self.read(in: session) }
            }
        reading = task
        defer { reading = nil }
        let families = try await task.value
        last = (families, .now)
        return families
    }

    private static func isUp(_ isUp: Bool) -> MetricFamily {
        .gauge("drizzl_database_up", help: "Whether the database answers.", isUp ? 1 : 0)
    }

    private static func read(in session: Session) throws -> [MetricFamily] {
        let queues = try QueueOverview.all(in: session)
        let workers = try session.query(Queue.liveWorkers()).first?.value("workers", as: Int.self) ?? 0
        let holder = try session.query(Queue.snapshotHolders(limit: 1)).first.map(SnapshotHolder.init)
        return families(of: queues) + [
            .gauge("drizzl_workers", help: "Worker processes whose heartbeat has not lapsed.", Double(workers)),
            .gauge(
                "drizzl_oldest_snapshot_seconds",
                help: "How long somebody has kept the server from removing dead rows; drizzl doctor says who.",
                (holder?.age ?? .zero) / .seconds(1)),
            .gauge(
                "drizzl_oldest_snapshot_transactions", help: "How many transactions have begun since that snapshot.",
                Double(holder?.transactions ?? 0)),
        ]
    }

    private static func families(of queues: [QueueOverview]) -> [MetricFamily] {
        let depths = queues.flatMap { queue in
            QueueOverview.counted.map { place in
                MetricFamily.Sample(
                    labels: ["queue": queue.queue, "place": place.rawValue], value: Double(queue.depths[place] ?? 0))
            }
        }
        let ages = queues.map { queue in
            MetricFamily.Sample(
                labels: ["queue": queue.queue], value: (queue.oldestReadyAge ?? .zero) / .seconds(1))
        }
        let pauses = queues.map { queue in
            MetricFamily.Sample(labels: ["queue": queue.queue], value: queue.pausedAt == nil ? 0 : 1)
        }
        return [
            .gauge(
                "drizzl_queue_jobs", help: "Jobs in each place, counted up to \(QueueOverview.bound).", depths),
            .gauge(
                "drizzl_queue_age_seconds", help: "How long the job that is ready longest has waited for a worker.",
                ages),
            .gauge("drizzl_queue_paused", help: "Whether the queue is paused.", pauses),
        ]
    }
}

extension Queue {
    /// How many worker processes live.
    static func liveWorkers() -> SQL {
        "SELECT count(*) AS workers FROM queue.workers WHERE expires_at >= clock_timestamp()"
    }
}
