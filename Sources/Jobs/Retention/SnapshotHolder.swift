public import Database

/// Somebody who keeps the server from removing rows that nobody else can see any more.
///
/// A hot table turns over completely every few minutes; while someone may still look at what it held an hour ago, it only
/// grows.
public struct SnapshotHolder: Sendable, Hashable {
    /// `session`, `prepared transaction`, `replication slot` or `standby`.
    public let kind: String
    /// The process on the server, for `pg_terminate_backend`; a prepared transaction and an idle slot have none.
    public let pid: Int?
    /// Role and program, the transaction's own name, or the slot's.
    public let name: String
    /// What a session is about, such as `idle in transaction`.
    public let state: String?
    /// For how long, where the server knows.
    public let age: Duration?
    /// How many transactions have begun since.
    public let transactions: Int
    /// What it runs or ran last, for operators: it may hold what somebody typed.
    public let query: String?

    /// Reads a row of ``Queue/snapshotHolders(limit:)``.
    public init(row: Row) throws(DatabaseError) {
        kind = try row.value("kind")
        pid = try row.optional("pid", as: Int32.self).map(Int.init)
        name = try row.value("name")
        state = try row.optional("state")
        age = try row.optional("age_ms", as: Int64.self).map { .milliseconds($0) }
        transactions = Int(try row.value("transactions", as: Int64.self))
        query = try row.optional("query")
    }
}

extension Queue {
    /// Who holds the oldest xmin of the server, and who comes next.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: A statement giving a ``SnapshotHolder`` for each session, prepared transaction, replication slot and
    ///   standby that holds one, the one that goes back furthest first.
    public static func snapshotHolders(limit: Int) -> SQL {
        """
        SELECT kind, pid, name, state, transactions, query,
               greatest(0, extract(epoch FROM clock_timestamp() - since) * 1000)::bigint
                   * CASE WHEN since IS NOT NULL THEN 1 END AS age_ms
        FROM queue.snapshot_holders()
        ORDER BY transactions DESC, since
        LIMIT \(limit)
        """
    }
}
