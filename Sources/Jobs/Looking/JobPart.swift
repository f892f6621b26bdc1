public import Database
internal import Foundation

/// A part of what a search for jobs finds, the newest first.
public struct JobPart: Sendable {
    /// The jobs of this part.
    public let jobs: [JobSummary]
    /// Where the search goes on; nil when there is nothing more.
    ///
    /// A part may be short, or empty, and the search go on: no part looks at more than ``Queue/listDepth`` jobs.
    public let next: JobID?

    /// Looks for jobs.
    ///
    /// - Parameters:
    ///   - filter: Which; its ``JobFilter/before`` is where the part before ended.
    ///   - limit: How many at most.
    ///   - session: Any session; one round trip, or two at the end of what is found.
    /// - Throws: `DatabaseError`.
    public init(_ filter: JobFilter, limit: Int, in session: Session) throws(DatabaseError) {
        var filter = filter
        filter.before = filter.before ?? JobID(rawValue: .max)
        let results = try session.pipeline([Queue.plansByIndex, Queue.list(filter, limit: limit + 1)])
        let found = try results[1].rows.map { row throws(DatabaseError) in try JobSummary(row: row) }
        jobs = Array(found.prefix(limit))
        guard found.count <= limit else {
            next = jobs.last?.id
            return
        }
        // Whether it saw everything, or there is more behind what it looked at.
        let reach = try session.pipeline([Queue.plansByIndex, Queue.reach(of: filter)]).last?.rows.first
        let isBounded = try reach?.value("looked", as: Int.self) ?? 0 >= Queue.listDepth
        next = isBounded ? try reach?.optional("bottom", as: Int64.self).map(JobID.init(rawValue:)) : nil
    }

    /// Where counting ends: more are said to be more.
    public static let countBound = 100_000

    /// Counts what a search finds, up to a bit more than ``countBound``.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - session: Any session; a round trip for each ``Queue/listDepth`` jobs.
    /// - Returns: How many.
    /// - Throws: `DatabaseError`.
    public static func count(_ filter: JobFilter, in session: Session) throws(DatabaseError) -> Int {
        var (filter, count) = (filter, 0)
        filter.before = JobID(rawValue: .max)
        while count <= countBound {
            let results = try session.pipeline([
                Queue.plansByIndex, "SELECT count(*) AS jobs FROM (\(Queue.found(filter))) f", Queue.reach(of: filter),
            ])
            count += try results[1].rows.first?.value("jobs") ?? 0
            guard let reach = results[2].rows.first, try reach.value("looked", as: Int.self) >= Queue.listDepth,
                let bottom = try reach.optional("bottom", as: Int64.self)
            else { break }
            filter.before = JobID(rawValue: bottom)
        }
        return count
    }
}
