/// Where the claims of one fetcher begin, for each shard and priority: behind the last row it took.
///
/// In front of that lie only rows that were taken, whose dead versions need not be walked over again. That is not quite
/// true, for a transaction with a lower number may commit later, and a job may be given back to its place. So the
/// floors go back to the beginning whenever the queue was found empty or somebody was woken, and at least once in
/// ``longestLife``. Then it is also found out anew which shards have jobs.
public struct ClaimFloors: Sendable, Equatable {
    /// How long floors are trusted.
    public static let longestLife: Duration = .seconds(1)

    private struct Line: Hashable {
        let shard: Int16
        let priority: Int16
    }

    /// The shards that had jobs when the floors began to rise; `nil` to find out.
    public private(set) var shards: [Int16]?
    private var floors: [Line: Int64] = [:]
    /// Since when the floors have been rising.
    private var risingSince: ContinuousClock.Instant?

    /// Begins at the beginning.
    public init() {}

    /// The floors that are not at the beginning, as columns.
    var columns: (shards: [Int16], priorities: [Int16], values: [Int64]) {
        let lines = floors.sorted { ($0.key.shard, $0.key.priority) < ($1.key.shard, $1.key.priority) }
        return (lines.map(\.key.shard), lines.map(\.key.priority), lines.map(\.value))
    }

    /// The floors of one shard, for each of ``JobPriority/all``.
    func values(of shard: Int16) -> [Int64] {
        JobPriority.all.map { floors[Line(shard: shard, priority: $0), default: 0] }
    }

    /// Rises above what was just claimed, or goes back when there was less than asked for.
    ///
    /// - Parameters:
    ///   - claim: What the claim gave.
    ///   - count: How many it had asked for.
    ///   - instant: The monotonic clock.
    public mutating func advance(over claim: Claim, askedFor count: Int, at instant: ContinuousClock.Instant) {
        advance(over: claim.rows, askedFor: count, at: instant)
        if risingSince != nil { shards = claim.shards }
    }

    /// Rises above the jobs just claimed, or goes back when there were fewer than asked for.
    ///
    /// - Parameters:
    ///   - claimed: What the claim gave.
    ///   - count: How many it had asked for.
    ///   - instant: The monotonic clock.
    public mutating func advance(over claimed: [ClaimedJob], askedFor count: Int, at instant: ContinuousClock.Instant) {
        let rows = claimed.map { Claim.Row(shard: $0.shard, priority: $0.priority, seq: $0.seq) }
        advance(over: rows, askedFor: count, at: instant)
    }

    private mutating func advance(
        over rows: [Claim.Row], askedFor count: Int, at instant: ContinuousClock.Instant
    ) {
        guard rows.count >= count else { return reset() }
        for row in rows {
            floors[Line(shard: row.shard, priority: row.priority), default: 0] = max(
                floors[Line(shard: row.shard, priority: row.priority), default: 0], row.seq)
        }
        if risingSince == nil { risingSince = instant }
    }

    /// Goes back when the floors have been trusted long enough.
    ///
    /// Called before each claim.
    ///
    /// - Parameter instant: The monotonic clock.
    public mutating func expire(at instant: ContinuousClock.Instant) {
        guard let risingSince, instant - risingSince >= Self.longestLife else { return }
        reset()
    }

    /// Goes back to the beginning.
    public mutating func reset() {
        self = ClaimFloors()
    }
}
