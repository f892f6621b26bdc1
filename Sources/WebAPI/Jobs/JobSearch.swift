public import Database
import Foundation
public import Jobs
import StateMachines

/// A search for jobs as its query has it: the same for the API and for the page.
public struct JobSearch: Sendable, Hashable {
    /// What is looked for, but for the record.
    public private(set) var filter = JobFilter()
    /// What the record is called, or its id.
    public private(set) var subject: String?

    static let parameters = [
        Parameter(.query, "kind", .text(1...100), "What is to be done."),
        Parameter(.query, "queue", .text(1...100), "The queue."),
        Parameter(.query, "place", .choice(JobPlace.allCases.map(\.rawValue)), "Where they are."),
        Parameter(
            .query, "retrying", .boolean, "Of those that are scheduled: whether they wait to be tried again."),
        Parameter(.query, "key", .text(1...500), "Their unique or concurrency key."),
        Parameter(.query, "record", .id, "The record that they are about."),
        Parameter(
            .query, "subject", .text(1...200), "The record that they are about, by its number.", example: "INV-1"),
        Parameter(.query, "error", .text(1...200), "What stands in an error of theirs."),
        Parameter(.query, "worker", .text(1...16), "The worker that has or had them, in hexadecimal digits."),
        Parameter(.query, "since", .moment, "They were enqueued then or later."),
        Parameter(.query, "until", .moment, "They were enqueued before."),
        Parameter(.query, "ended_since", .moment, "They ended then or later."),
        Parameter(.query, "ended_until", .moment, "They ended before."),
    ]

    /// The names of what can be looked for.
    public static var names: [String] { parameters.map(\.name) }

    /// Reads a query; what cannot be read does not matter, the API having looked at it before.
    ///
    /// - Parameter query: What is looked for, by name.
    public init(_ query: [String: String]) {
        (filter.kind, filter.queue, filter.key) = (query["kind"], query["queue"], query["key"])
        filter.place = query["place"].flatMap(JobPlace.init)
        filter.isRetrying = filter.place == .scheduled ? query["retrying"].flatMap(Bool.init) : nil
        filter.record = query["record"].flatMap { UUID(uuidString: $0) }
        filter.error = query["error"]
        // Nobody has the number 0: what is no number finds nothing.
        filter.worker = query["worker"].map { Int64($0, radix: 16) ?? 0 }
        (filter.since, filter.until) = (Self.moment(query["since"]), Self.moment(query["until"]))
        (filter.endedSince, filter.endedUntil) = (Self.moment(query["ended_since"]), Self.moment(query["ended_until"]))
        filter.before = query["cursor"].flatMap { Int64($0) }.map(JobID.init(rawValue:))
        subject = query["subject"]
    }

    private static func moment(_ text: String?) -> Date? { text.flatMap(Timestamp.moment) }

    /// Whether it finds every job.
    public var isEmpty: Bool { self == JobSearch([:]) }

    /// The search with the record that is meant.
    ///
    /// - Parameter session: Any session; a round trip when a subject is named.
    /// - Returns: What to look for; nil when there is no record of that name, and so no job.
    /// - Throws: `DatabaseError`.
    public func resolved(in session: Session) throws(DatabaseError) -> JobFilter? {
        guard let subject else { return filter }
        guard let record = try RecordNames.record(called: subject, in: session) else { return nil }
        guard filter.record == nil || filter.record == record else { return nil }
        var filter = filter
        filter.record = record
        return filter
    }

    /// Looks for jobs.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - session: Any session.
    /// - Returns: A part of what is found; nil when there is no record of the name.
    /// - Throws: `DatabaseError`.
    public func page(limit: Int, in session: Session) throws(DatabaseError) -> JobPart? {
        guard let filter = try resolved(in: session) else { return nil }
        return try JobPart(filter, limit: limit, in: session)
    }
}
