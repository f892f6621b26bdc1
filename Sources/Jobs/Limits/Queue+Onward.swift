internal import Database

extension Queue {
    /// Puts jobs that may run now where they belong: in line for a slot of their concurrency key, or ready.
    ///
    /// - Parameters:
    ///   - moved: The name of a common table expression with the columns of a job on its way (`job_id`, `lease`,
    ///     `shard`, `priority`, `attempt`, `crashes`, `traits`, `queue`), of rows deleted elsewhere.
    ///   - order: In which order they get in line, by columns of `moved`.
    ///   - keepsPlace: Whether those that become ready have a `seq` of their own and keep it.
    /// - Returns: Common table expressions, among them `keyed` with a `concurrency_key` for each job that waits.
    static func onward(_ moved: SQL, order: SQL, keepsPlace: Bool = false) -> SQL {
        let seq: SQL = keepsPlace ? "seq, " : ""
        return """
            keyed AS MATERIALIZED (
                SELECT m.*, b.concurrency_key, b.concurrency_limit
                FROM \(moved) m
                CROSS JOIN LATERAL (
                    SELECT j.concurrency_key, j.concurrency_limit FROM queue.jobs j WHERE j.id = m.job_id OFFSET 0
                ) b
                WHERE m.traits & 2 <> 0
            ),
            put_ready AS (
                INSERT INTO queue.ready (\(seq)job_id, lease, shard, priority, attempt, crashes, traits, queue)
                SELECT \(seq)job_id, lease, shard, priority, attempt, crashes, traits, queue
                FROM \(moved)
                WHERE traits & 2 = 0
                ORDER BY \(order)
            ),
            put_in_line AS (
                INSERT INTO queue.waiting
                            (concurrency_key, priority, job_id, lease, slots, shard, attempt, crashes, traits, queue)
                SELECT concurrency_key, priority, job_id, lease, concurrency_limit, shard, attempt, crashes, traits,
                       queue
                FROM keyed
                ORDER BY \(order)
            )
            """
    }
}
