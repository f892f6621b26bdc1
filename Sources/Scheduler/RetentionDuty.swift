public import Database
import Foundation
import Jobs
public import Logging

/// Makes the partitions of the queue's tables ahead of their time, and drops those that nobody needs any more (J-30).
///
/// Safe on any node at any time, and never in anybody's way: what is locked is left for the next time.
public struct RetentionDuty: Duty {
    /// The name, for logs.
    public let name = "make and drop partitions"
    /// How long to rest.
    public let interval: Duration
    /// How far ahead partitions are made: so long may nobody lead, and still no job meets a week without one.
    private static let ahead = Duration.seconds(14 * 86_400)
    private static let portion = 1_000
    private let pool: Pool
    private let retention: Duration
    private let logger: Logger

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - retention: How long jobs are kept that have ended, and what is told of them; at least a day.
    ///   - interval: How long to rest.
    ///   - logger: Where to say what was dropped.
    public init(pool: Pool, retention: Duration, interval: Duration = .seconds(600), logger: Logger) {
        (self.pool, self.retention, self.interval, self.logger) = (pool, retention, interval, logger)
    }

    /// Makes what is missing, drops what is old, and deletes what is left of it.
    ///
    /// - Returns: Whether there are more batches to forget.
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func run() async throws -> Bool {
        try await makePartitions()
        for row in try await pool.query(Queue.expiredPartitions(after: retention)) {
            let partition = try row.value("name", as: String.self)
            guard try row.value("is_default", as: Bool.self) == false else {
                try await prune(partition)
                continue
            }
            switch try await outcome(of: Queue.dropPartition(partition, after: retention)) {
            case .dropped: logger.info("a partition was dropped", metadata: ["partition": "\(partition)"])
            case .crowded, .waiting: try await prune(partition)
            default: break
            }
        }
        let forgotten: Int =
            try await pool.query(
                Queue.forgetBatches(after: retention, limit: Self.portion)
            ).first?.value("batches") ?? 0
        return forgotten >= Self.portion
    }

    /// Makes the partitions of this week and the next ones.
    ///
    /// Also to be done before the first job comes: a week that has begun in the default stays there.
    ///
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func makePartitions() async throws {
        for row in try await pool.query(Queue.missingPartitions(ahead: Self.ahead)) {
            let (parent, week) = (try row.value("parent", as: String.self), try row.value("week", as: Date.self))
            let outcome = try await outcome(of: Queue.makePartition(of: parent, week: week))
            if outcome == .occupied {
                logger.notice(
                    "rows of a week stay in the default", metadata: ["table": "\(parent)", "week": "\(week)"])
            }
        }
    }

    private func outcome(of statement: SQL) async throws -> PartitionOutcome? {
        try Task.checkCancellation()
        return try await pool.query(statement).first.flatMap { row in
            PartitionOutcome(rawValue: try row.value("outcome"))
        }
    }

    private func prune(_ partition: String) async throws {
        var job: JobID?
        repeat {
            try Task.checkCancellation()
            let statement = Queue.prunePartition(partition, after: retention, from: job, portion: Self.portion)
            job = try await pool.query(statement).first?.optional("job_id", as: Int64.self).map(JobID.init(rawValue:))
        } while job != nil
    }
}
