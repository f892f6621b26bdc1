internal import Database
private import Foundation

/// How a redrive goes.
public struct RedriveProgress: Sendable, Hashable {
    /// How many dead letters were meant when it began, counted up to ``RedriveProgress/bound``.
    public let expected: Int
    /// Letters that run again.
    public internal(set) var raised = 0
    /// Letters that stay dead, for another job has their unique key by now.
    public internal(set) var left = 0

    /// Where counting ends: more are said to be more.
    public static let bound = 100_000
}

extension JobOperator {
    /// Lets many dead letters run again, those that died first before the others, in portions of a transaction each.
    ///
    /// Letters that die after it began are not meant. It may be cancelled, or run twice at once: what was raised is
    /// raised, and nothing is raised twice.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - rate: How many a second at most; `nil` is as fast as it goes.
    ///   - report: Told after each portion.
    /// - Returns: What became of them.
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func redrive(
        _ filter: DeadFilter, rate: Int? = nil, report: (RedriveProgress) -> Void = { _ in }
    ) async throws -> RedriveProgress {
        var filter = filter
        let count = try await pool.query(Queue.countDead(filter, bound: RedriveProgress.bound + 1)).first
        var progress = RedriveProgress(expected: try count?.value("letters") ?? 0)
        let start: Date? = try count?.value("began_at")
        filter.until = [filter.until, start].compactMap(\.self).min()
        let portion = min(500, max(1, rate ?? 500))
        var mark: RedriveMark?
        var next = ContinuousClock.now
        while true {
            let rows = try await carryOut([
                Queue.redrive(filter, after: mark, limit: portion, by: note, now: now())
            ])
            for row in rows {
                if try row.optional("place", as: String.self) == nil {
                    progress.left += 1
                } else {
                    progress.raised += 1
                }
            }
            mark = try rows.last.map(RedriveMark.init)
            report(progress)
            guard rows.count >= portion else { return progress }
            try Task.checkCancellation()
            if let rate {
                next += .seconds(1) * (Double(rows.count) / Double(max(1, rate)))
                try await Task.sleep(until: next, clock: .continuous)
            }
        }
    }

    /// Gives many dead letters up for good, in portions of a transaction each.
    ///
    /// It may be cancelled, or run twice at once.
    ///
    /// - Parameter filter: Which.
    /// - Returns: How many were given up.
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func discard(_ filter: DeadFilter) async throws -> Int {
        var filter = filter
        let count = try await pool.query(Queue.countDead(filter, bound: 1)).first
        filter.until = [filter.until, try count?.value("began_at")].compactMap(\.self).min()
        let portion = 500
        var discarded = 0
        while true {
            let letters = try await pool.query(Queue.deadLetters(filter, limit: portion)).map { row in
                JobID(rawValue: try row.value("job_id"))
            }
            let done = try await discard(letters).count(where: \.isDone)
            discarded += done
            // What somebody else has in hand is theirs.
            guard letters.count >= portion, done > 0 else { return discarded }
            try Task.checkCancellation()
        }
    }
}
