/// How a worker process works.
public struct WorkerSettings: Sendable {
    /// One queue that the process serves.
    public struct Served: Sendable, Hashable {
        /// The queue's name.
        public var queue: String
        /// How many of its jobs run at the same time.
        public var concurrency: Int
        /// How many more are fetched ahead at most.
        ///
        /// Only as many are as are begun soon.
        public var prefetchLimit: Int
        /// How soon a job that is fetched ahead is to be begun, by how long jobs took lately.
        public var prefetchTime: Duration = .milliseconds(100)

        /// Names a queue.
        ///
        /// - Parameters:
        ///   - queue: The queue's name.
        ///   - concurrency: How many of its jobs run at the same time; at least one.
        ///   - prefetchLimit: How many more are fetched ahead at most.
        public init(queue: String = "default", concurrency: Int = 8, prefetchLimit: Int = 200) {
            self.queue = queue
            self.concurrency = max(1, concurrency)
            self.prefetchLimit = max(0, prefetchLimit)
        }
    }

    /// The queues, each with a fetcher of its own.
    public var queues: [Served]
    /// The process's name for people.
    public var name: String
    /// How often the process says that it lives.
    public var heartbeat: Duration = .seconds(5)
    /// How long it is believed to live after its last beat, by the database's clock.
    public var life: Duration = .seconds(20)
    /// How long before that it stops believing it itself, by the monotonic clock.
    public var fenceMargin: Duration = .seconds(5)
    /// How many jobs are claimed at once, at most.
    public var claimCount = 500
    /// How long a success waits for others to be recorded with.
    public var flushInterval: Duration = .milliseconds(2)
    /// How many successes are recorded at once, at most.
    public var flushCount = 500
    /// How soon an empty queue is looked at again; each time twice as late, up to ``longestPoll``.
    public var shortestPoll: Duration = .milliseconds(250)
    /// How soon an empty queue is looked at again at the latest.
    public var longestPoll: Duration = .seconds(5)
    /// When a job that has no handler here is offered again.
    public var unknownKindDelay: Duration = .seconds(60)
    /// How long a shutdown waits for running jobs.
    public var shutdownLimit: Duration = .seconds(30)
    /// How long a handler may go on after its task was cancelled, before it is left to itself.
    public var cancellationGrace: Duration = .seconds(5)

    /// Settings as in production; what is not given here can be changed afterwards.
    ///
    /// - Parameters:
    ///   - queues: The queues to serve.
    ///   - name: The process's name for people: host and process.
    public init(queues: [Served] = [Served()], name: String) {
        self.queues = queues
        self.name = name
    }
}
