public import Database

/// What has to be looked at because jobs were enqueued or ended: keys with a free slot, and jobs that wait for others.
///
/// A hint, like a wake-up: one that is lost costs what the sweeps take to find out, about a second, and nothing else.
public struct QueueFollowUp: Sendable, Hashable {
    /// Concurrency keys that may have a free slot, or somebody who waits for one.
    public var keys: Set<String> = []
    /// Blocked jobs that may be free to go, or are to be cancelled.
    public var dependents: Set<JobID> = []

    /// Nothing to look at.
    public init() {}

    /// What follows from what was enqueued; after the commit.
    public init(_ placed: [JobPlacement]) {
        keys = Set(placed.compactMap(\.concurrencyKey))
        dependents = Set(placed.filter { $0.place == .blocked }.map(\.jobID))
    }

    /// Reads the rows of a statement that ended jobs: `freed_key` and `dependents`; after the commit.
    public init(rows: [Row]) throws(DatabaseError) {
        for row in rows {
            if let key = try row.optional("freed_key", as: String.self) { keys.insert(key) }
            if let jobs = try row.optional("dependents", as: [Int64].self) {
                dependents.formUnion(jobs.map(JobID.init(rawValue:)))
            }
        }
    }

    /// Whether there is nothing to look at.
    public var isEmpty: Bool { keys.isEmpty && dependents.isEmpty }

    /// Adds another one.
    public mutating func formUnion(_ other: QueueFollowUp) {
        keys.formUnion(other.keys)
        dependents.formUnion(other.dependents)
    }
}
