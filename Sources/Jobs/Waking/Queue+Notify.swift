public import Database

extension Queue {
    /// The channel on which the names of queues that got jobs are sent.
    public static let channel = "drizzl_queue"

    /// Tells all processes that queues got jobs.
    ///
    /// Never in a business transaction: NOTIFY takes a lock on the whole database at commit. See ``QueueWaker``.
    ///
    /// - Parameter queues: The names.
    /// - Returns: A statement whose rows mean nothing.
    public static func notify(_ queues: [String]) -> SQL {
        "SELECT pg_notify(\(channel)::text, name) FROM unnest(\(queues)::text[]) AS q (name)"
    }
}
