public import Database
public import Foundation

extension Queue {
    /// Finds the weeks, from this one on, for which there is no partition yet.
    ///
    /// By the database's clock, for ids and ends of attempts go by it.
    ///
    /// - Parameter ahead: How far from now partitions are made.
    /// - Returns: A statement giving `parent` and `week`, its Monday, the nearest first.
    public static func missingPartitions(ahead: Duration) -> SQL {
        """
        SELECT parents.parent::text AS parent, week
        FROM (SELECT DISTINCT parent FROM queue.partitions) parents
        CROSS JOIN generate_series(date_trunc('week', clock_timestamp(), 'UTC'), clock_timestamp() + \(interval(ahead)),
                                   interval '7 days') week
        WHERE NOT EXISTS (SELECT FROM queue.partitions p
                          WHERE p.parent = parents.parent AND NOT p.is_default
                            AND p.upper > week AND coalesce(p.lower, '-infinity') < week + interval '7 days')
        ORDER BY week, parents.parent
        """
    }

    /// Makes the partition of a week.
    ///
    /// Rows of that week that the default holds are moved into it, unless they are too many to do so while others wait.
    /// Nobody waits for it longer than a tenth of a second.
    ///
    /// - Parameters:
    ///   - parent: The partitioned table, without its schema.
    ///   - week: A Monday, 00:00 UTC.
    /// - Returns: A statement giving `outcome`, a ``PartitionOutcome``.
    public static func makePartition(of parent: String, week: Date) -> SQL {
        "SELECT queue.make_partition(\(parent)::text, \(week)::timestamptz) AS outcome"
    }

    /// Finds the partitions that hold nothing younger than `retention`; bodies first, the oldest first.
    ///
    /// - Parameter retention: How long what has ended is kept.
    /// - Returns: A statement giving `name` and `is_default`; each default that holds something so old is among them.
    public static func expiredPartitions(after retention: Duration) -> SQL {
        """
        SELECT name::text AS name, is_default
        FROM queue.partitions
        WHERE is_default OR upper <= clock_timestamp() - \(interval(retention))
        ORDER BY is_default, parent <> 'jobs', upper
        """
    }

    /// Drops a partition that holds nothing younger than `retention`.
    ///
    /// The bodies of jobs that are alive, or ended or were tried since, are moved into the default first, and what is
    /// told of them with them. Nobody waits for it longer than a tenth of a second.
    ///
    /// - Parameters:
    ///   - name: The partition, without its schema.
    ///   - retention: How long what has ended is kept; at least a day.
    /// - Returns: A statement giving `outcome`, a ``PartitionOutcome``.
    public static func dropPartition(_ name: String, after retention: Duration) -> SQL {
        """
        SELECT queue.drop_partition(\(name)::text, clock_timestamp() - \(interval(retention))) AS outcome
        """
    }

    /// Deletes rows of a partition that are older than `retention` and need not stay; see
    /// ``dropPartition(_:after:)``.
    ///
    /// - Parameters:
    ///   - name: The partition, without its schema: a default, or one that is too crowded to be dropped.
    ///   - retention: How long what has ended is kept; at least a day.
    ///   - job: The job to begin after; `nil` for the first portion.
    ///   - portion: How many jobs are looked at.
    /// - Returns: A statement giving `job_id`, the last job that was looked at, or `NULL` when there was none.
    public static func prunePartition(_ name: String, after retention: Duration, from job: JobID?, portion: Int) -> SQL
    {
        """
        SELECT queue.prune_partition(\(name)::text, clock_timestamp() - \(interval(retention)),
                                     \(job?.rawValue ?? 0)::bigint, \(Int32(clamping: portion))) AS job_id
        """
    }

    /// Forgets batches that were closed longer ago than `retention`.
    ///
    /// - Parameters:
    ///   - retention: How long what has ended is kept; at least a day.
    ///   - limit: How many at most.
    /// - Returns: A statement giving `batches`, how many were forgotten.
    public static func forgetBatches(after retention: Duration, limit: Int) -> SQL {
        """
        SELECT queue.forget_batches(clock_timestamp() - \(interval(retention)), \(Int32(clamping: limit))) AS batches
        """
    }
}

/// What became of the wish to make or drop a partition.
public enum PartitionOutcome: String, Sendable {
    /// It is there now.
    case made
    /// It was there, or one over a part of its week.
    case exists
    /// The default holds too much of its week to be moved; it stays there.
    case occupied
    /// It is gone now.
    case dropped
    /// It was gone.
    case gone
    /// Somebody held a lock: ask again later.
    case busy
    /// The bodies of its time go first.
    case waiting
    /// Too many of its jobs have to stay; prune it.
    case crowded
}
