internal import Database
public import Foundation

/// What an operator did to a job.
public struct JobOperation: Sendable, Hashable {
    /// When, by the database's clock.
    public let at: Date
    /// What; see ``OperatorAction``.
    public let action: String
    /// Who.
    public let name: String
    /// Why.
    public let reason: String
    /// The job that was made in its place.
    public let replacement: JobID?

    /// Reads a row of ``Queue/operations(on:)``.
    init(row: Row) throws(DatabaseError) {
        at = try row.value("at")
        action = try row.value("action")
        name = try row.value("operator")
        reason = try row.value("reason")
        replacement = try row.optional("replaced_by", as: Int64.self).map(JobID.init(rawValue:))
    }
}

extension Queue {
    /// What operators did to a job.
    static func operations(on id: JobID) -> SQL {
        "SELECT at, action, operator, reason, replaced_by FROM queue.operations WHERE job_id = \(id) ORDER BY id"
    }
}
