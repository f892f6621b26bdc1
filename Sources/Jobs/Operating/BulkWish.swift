public import Foundation

/// A wish for everything that a search finds: a job of its own, with progress, that goes on after a crash.
public struct BulkWish: JobPayload, Hashable {
    /// What is wished for.
    public enum Action: String, Sendable, CaseIterable, Codable {
        /// ``JobOperator/retry(_:)``.
        case retry
        /// ``JobOperator/cancel(_:)``.
        case cancel
    }

    /// `operate_on_jobs`.
    public static let kind = "operate_on_jobs"
    /// Somebody waits for it.
    public static let priority = JobPriority.interactive

    /// Which jobs.
    public var filter: JobFilter
    /// What is done to them.
    public var action: Action
    /// Who wishes it.
    public var name: String
    /// Why; a safe text.
    public var reason: String

    /// Wishes something for the jobs that are there now.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - action: What.
    ///   - note: Who, and why.
    ///   - began: The present, by the database's clock: jobs that come later are not meant, and none twice.
    public init(_ filter: JobFilter, _ action: Action, by note: OperatorNote, at began: Date) {
        (self.filter, self.action, name, reason) = (filter, action, note.name, note.reason)
        self.filter.until = [filter.until, began].compactMap(\.self).min()
        self.filter.untouchedSince = began
    }
}
