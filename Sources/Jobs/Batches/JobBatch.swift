public import Database
public import Foundation

/// How a batch stands, to the last job that has ended.
public struct JobBatch: Sendable, Hashable {
    /// The batch's number.
    public let id: BatchID
    /// How many jobs have joined it.
    public let total: Int
    /// How many of them have succeeded.
    public let succeeded: Int
    /// How many are dead letters.
    public let dead: Int
    /// How many were cancelled.
    public let cancelled: Int
    /// When it was opened.
    public let createdAt: Date
    /// Since when no jobs join it any more.
    public let sealedAt: Date?
    /// When its callback was enqueued.
    public let closedAt: Date?

    /// Reads a row of ``Queue/batch(_:)``.
    public init(row: Row) throws(DatabaseError) {
        id = BatchID(rawValue: try row.value("id"))
        total = try row.value("total")
        succeeded = try row.value("succeeded")
        dead = try row.value("dead")
        cancelled = try row.value("cancelled")
        createdAt = try row.value("created_at")
        sealedAt = try row.optional("sealed_at")
        closedAt = try row.optional("closed_at")
    }
}
