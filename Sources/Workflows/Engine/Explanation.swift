public import Database
public import Foundation
public import StateMachines

/// What can be done with a record, what stands in the way, and what happens by itself.
///
/// Source: docs/lifecycle-files.md.
public struct Explanation: Sendable {
    /// Where the record stands.
    public var standing: RecordStanding
    /// The moves that anybody but the system may make.
    public var moves: [ExplainedMove]
    /// The timers that are armed, soonest first.
    public var next: [Receipt.Next]
    /// The tasks that are open.
    public var tasks: [OpenTask]
}

/// A task that somebody has to do on a record.
public struct OpenTask: Sendable, Hashable, Codable {
    /// Its name.
    public var task: String
    /// Since when.
    public var since: Date

    /// The open tasks of records, oldest first, with the `record_id` of each.
    public static func of(_ machine: String, _ records: [UUID]) -> SQL {
        """
        SELECT record_id, task, opened_at FROM workflow_attention
        WHERE machine = \(machine) AND record_id = ANY(\(records)) AND closed_at IS NULL
        ORDER BY opened_at
        """
    }

    /// Reads a row of ``of(_:_:)``.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.task = try row.value("task")
        self.since = try row.value("opened_at")
    }
}
