/// Who holds which connection of a pool and who waits for one, as a plain value: it decides, the pool acts.
struct PoolState {
    /// A task that waits for a connection.
    struct Waiter {
        let id: UInt64
        /// Until when it waits; for ever without one.
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Connection, any Error>
    }

    enum Answer {
        case take(Connection)
        case wait
        case closed
    }

    private let limit: Int
    private var idle: [Connection] = []
    private var waiters: [Waiter] = []
    private var tickets: UInt64 = 0
    /// Whether somebody sees to it that waiters do not wait for longer than they want.
    private var isWatched = false
    private(set) var open = 0
    private(set) var isClosed = false
    private var closing: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) {
        self.limit = limit
    }

    var usage: PoolUsage {
        PoolUsage(inUse: open - idle.count, idle: idle.count, waiting: waiters.count)
    }

    mutating func makeTicket() -> UInt64 {
        tickets += 1
        return tickets
    }

    /// Gives out a connection at once if there is one: the most recently used, whose caches are warm.
    mutating func acquire(make: () -> Connection) -> Answer {
        guard !isClosed else { return .closed }
        if let connection = idle.popLast() { return .take(connection) }
        guard open < limit else { return .wait }
        open += 1
        return .take(make())
    }

    /// Puts a waiter in line.
    ///
    /// - Returns: Whether a watch has to be set that calls ``expire(at:)``.
    mutating func enqueue(_ waiter: Waiter) -> Bool {
        waiters.append(waiter)
        guard waiter.deadline != nil, !isWatched else { return false }
        isWatched = true
        return true
    }

    /// Takes out who has waited long enough.
    ///
    /// All wait equally long, so whoever has waited longest stands in front.
    ///
    /// - Returns: Who is to be turned away, and when to look again; without that the watch is over.
    mutating func expire(at instant: ContinuousClock.Instant) -> (late: [Waiter], next: ContinuousClock.Instant?) {
        let late = waiters.prefix { waiter in waiter.deadline.map { $0 <= instant } ?? false }
        waiters.removeFirst(late.count)
        isWatched = waiters.first?.deadline != nil
        return (Array(late), waiters.first?.deadline)
    }

    /// Takes a waiter out that waits no more; nil when it has been served already.
    mutating func remove(_ id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index)
    }

    enum Return {
        case handOver(Waiter)
        case keep
        /// The pool is closed; the connection is to be closed too.
        case close
    }

    /// Takes a connection back, or passes it on to whoever has waited longest.
    mutating func giveBack(_ connection: Connection) -> Return {
        guard !isClosed else { return .close }
        guard waiters.isEmpty else { return .handOver(waiters.removeFirst()) }
        idle.append(connection)
        return .keep
    }

    /// Refuses new work; gives out the idle connections to be closed and the waiters to be turned away.
    mutating func close() -> (idle: [Connection], waiters: [Waiter]) {
        isClosed = true
        defer {
            idle = []
            waiters = []
        }
        return (idle, waiters)
    }

    /// Counts connections that have been closed; gives out who waited for the last of them.
    mutating func closed(_ count: Int) -> [CheckedContinuation<Void, Never>] {
        open -= count
        guard open == 0 else { return [] }
        defer { closing = [] }
        return closing
    }

    /// Lets somebody wait until all connections are closed; false when they are.
    mutating func awaitClosed(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
        guard open > 0 else { return false }
        closing.append(continuation)
        return true
    }
}

/// How busy a pool is at one moment.
public struct PoolUsage: Sendable, Equatable {
    /// Connections lent out.
    public let inUse: Int
    /// Connections at rest.
    public let idle: Int
    /// Tasks that wait for a connection.
    public let waiting: Int
}
