/// How much chaos, and with how short lives.
public struct ChaosSettings: Sendable, Codable, Hashable {
    /// How long jobs come and disasters happen; what is left is worked off afterwards.
    public var seconds: Int
    /// Where chance comes from.
    public var seed: UInt64
    /// How many worker processes.
    public var workers: Int
    /// How many scheduler processes, of which one leads.
    public let schedulers: Int
    /// How many jobs are asked for in a second, about.
    public var rate: Int

    /// Says how much.
    ///
    /// - Parameters:
    ///   - seconds: How long jobs come and disasters happen.
    ///   - seed: Where chance comes from.
    ///   - workers: How many worker processes.
    ///   - rate: How many jobs are asked for in a second.
    public init(seconds: Int, seed: UInt64, workers: Int = 4, rate: Int = 60) {
        self.seconds = seconds
        self.seed = seed
        self.workers = workers
        self.schedulers = 2
        self.rate = rate
    }

    // Lives are short, so that a process that is stopped for some seconds comes back as a zombie.

    /// How often a worker says that it lives.
    var heartbeat: Duration { .milliseconds(500) }
    /// How long it is believed to live after that.
    var life: Duration { .seconds(3) }
    /// How long before that it stops believing it itself.
    var fenceMargin: Duration { .seconds(1) }
    /// How often duties look, instead of every half to two seconds.
    var dutyInterval: Duration { .milliseconds(250) }
    /// How long leadership lasts.
    var term: Duration { .seconds(3) }
    /// How long what is left may take to be worked off.
    var drainLimit: Duration { .seconds(90) }
}
