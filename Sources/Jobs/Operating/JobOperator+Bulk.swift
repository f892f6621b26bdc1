internal import Database
internal import Foundation

/// How a wish for many jobs goes.
public struct BulkProgress: Sendable, Hashable {
    /// How many jobs were meant when it began, counted up to a bit more than ``JobPart/countBound``.
    public let expected: Int
    /// Jobs to which it was done.
    public internal(set) var done = 0
    /// Jobs to which it could not be done any more.
    public internal(set) var left = 0
}

extension JobOperator {
    /// Does something to everything that a search finds, the newest first, in portions of a transaction each.
    ///
    /// Every job that is reached is noted with who and why in the transaction that does it, and the search of a
    /// ``BulkWish`` passes over what is noted: run again after a crash, it goes on where it was.
    ///
    /// - Parameters:
    ///   - wish: What, and to which.
    ///   - report: Told after each portion.
    /// - Returns: What became of them.
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func carryOut(
        _ wish: BulkWish, report: (BulkProgress) -> Void = { _ in }
    ) async throws -> BulkProgress {
        let filter = wish.filter
        var progress = BulkProgress(expected: try await pool.run { try JobPart.count(filter, in: $0) })
        report(progress)
        var next: JobID? = JobID(rawValue: .max)
        while let before = next {
            var part = filter
            part.before = before
            let page = try await pool.run { [part] in try JobPart(part, limit: 200, in: $0) }
            let ids = page.jobs.map(\.id)
            let outcomes =
                switch wish.action {
                case _ where ids.isEmpty: [OperatedJob]()
                case .retry: try await retry(ids)
                case .cancel: try await cancel(ids)
                }
            let done = outcomes.count(where: \.isDone)
            progress.done += done
            progress.left += outcomes.count - done
            report(progress)
            next = page.next
            try Task.checkCancellation()
        }
        return progress
    }

    /// Asks for a job that does something to everything that a search finds.
    ///
    /// - Parameters:
    ///   - action: What.
    ///   - filter: To which.
    /// - Returns: The job that does it.
    /// - Throws: `DatabaseError`; `EncodingError`.
    public func wish(_ action: BulkWish.Action, for filter: JobFilter) async throws -> JobPlacement? {
        let placed = try await pool.transaction { session in
            let began: Date? = try session.first("SELECT clock_timestamp() AS now")?.value("now")
            guard let began else { return JobPlacement?.none }
            return try session.enqueue(BulkWish(filter, action, by: note, at: began), now: now()).first
        }
        if let placed { waker.wake([placed.queue]) }
        return placed
    }
}
