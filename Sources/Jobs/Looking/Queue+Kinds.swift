public import Database

extension Queue {
    /// Whether anybody has heard of a kind of job: whoever pauses a misspelled one would hold nothing.
    ///
    /// - Parameter kind: The kind.
    /// - Returns: A statement giving `is_known`.
    public static func isKnown(kind: String) -> SQL {
        """
        SELECT EXISTS (SELECT FROM queue.workers w WHERE \(kind) = ANY (w.kinds))
            OR EXISTS (SELECT FROM queue.pauses p WHERE p.scope = 'kind' AND p.name = \(kind))
            OR EXISTS (SELECT FROM queue.dead d WHERE d.kind = \(kind))
            OR EXISTS (SELECT FROM queue.throughput t WHERE t.kind = \(kind))
            OR EXISTS (SELECT FROM (SELECT j.kind FROM queue.jobs j ORDER BY j.id DESC LIMIT 1000) newest
                       WHERE newest.kind = \(kind)) AS is_known
        """
    }
}
