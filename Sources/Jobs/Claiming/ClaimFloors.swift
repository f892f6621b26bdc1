/// Where the claims of one fetcher begin, for each priority: behind the last row it took.
///
/// In front of that lie only rows that were taken, whose dead versions need not be walked over again. That is not quite
/// true, for a transaction with a lower number may commit later, and a job may be given back to its place. So the
/// floors go back to the beginning whenever the queue was found empty or somebody was woken, and at least once in
/// ``longestLife``.
public struct ClaimFloors: Sendable, Equatable {
    /// How long floors are trusted.
    public static let longestLife: Duration = .seconds(1)

    /// The highest number taken, for each of ``JobPriority/all``.
    public private(set) var values: [Int64]
    /// Since when the floors have been rising.
    private var risingSince: ContinuousClock.Instant?

    /// Begins at the beginning.
    public init() {
        values = JobPriority.all.map { _ in 0 }
    }

    /// Rises above the jobs just claimed, or goes back when there were fewer than asked for.
    ///
    /// - Parameters:
    ///   - claimed: What the claim gave.
    ///   - count: How many it had asked for.
    ///   - instant: The monotonic clock.
    public mutating func advance(over claimed: [ClaimedJob], askedFor count: Int, at instant: ContinuousClock.Instant) {
        advance(over: claimed.map { ($0.priority, $0.seq) }, askedFor: count, at: instant)
    }

    mutating func advance(
        over claimed: [(priority: Int16, seq: Int64)], askedFor count: Int, at instant: ContinuousClock.Instant
    ) {
        guard claimed.count >= count else { return reset() }
        for (priority, seq) in claimed {
            guard let index = JobPriority.all.firstIndex(of: priority) else { continue }
            values[index] = max(values[index], seq)
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
