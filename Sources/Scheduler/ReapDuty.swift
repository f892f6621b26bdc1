public import Database
internal import Jobs
internal import Synchronization

/// Gives up workers whose heartbeat has lapsed.
///
/// Who was cut off from the database cannot tell those that died from those that were cut off as well: after a failover
/// all heartbeats have lapsed. So the duty waits a little when it comes, or comes back, for the living to say so; they
/// give back what they held, and no job counts the outage as its worker's crash.
public struct ReapDuty: Duty {
    /// The name, for logs.
    public let name = "give up lost workers"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool
    private let patience: Duration
    private let presence = Presence()

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - interval: How long to rest.
    ///   - patience: How long the living have to say so once the database is there again: longer than a worker takes to
    ///     connect, and together with a leader's term shorter than a worker's life, so that it delays nothing.
    public init(pool: Pool, interval: Duration = .seconds(2), patience: Duration = .seconds(8)) {
        self.pool = pool
        self.interval = interval
        self.patience = patience
    }

    /// Gives up all that have lapsed by now.
    public func run() async throws -> Bool {
        let hasWaited = presence.hasLasted(patience, awayAfter: interval + .seconds(3), at: .now)
        _ = try await pool.query(hasWaited ? Queue.reap() : "SELECT 1")
        presence.note(at: .now)
        return false
    }
}

/// Since when the database has answered us without a break.
private final class Presence: Sendable {
    private struct State {
        var since: ContinuousClock.Instant?
        var last: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Whether it has answered for so long; begins anew when its last answer is too long ago.
    func hasLasted(_ duration: Duration, awayAfter limit: Duration, at instant: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if let last = state.last, instant - last > limit { state.since = nil }
            guard duration > .zero else { return true }
            return state.since.map { instant - $0 >= duration } ?? false
        }
    }

    func note(at instant: ContinuousClock.Instant) {
        state.withLock { state in
            state.last = instant
            if state.since == nil { state.since = instant }
        }
    }
}
