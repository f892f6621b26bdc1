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

    /// The channel on which workers are told that jobs of theirs are to be stopped.
    public static let cancelChannel = "drizzl_cancel"

    /// Tells workers to ask at once which of their jobs are to be stopped; see ``beat(_:life:)``.
    ///
    /// Never in a business transaction, as ``notify(_:)``.
    ///
    /// - Parameter workers: Who runs the jobs.
    /// - Returns: A statement whose rows mean nothing.
    public static func notifyCancelled(_ workers: some Sequence<WorkerID>) -> SQL {
        "SELECT pg_notify(\(cancelChannel)::text, id) FROM unnest(\(workers.map(\.description))::text[]) AS w (id)"
    }
}
