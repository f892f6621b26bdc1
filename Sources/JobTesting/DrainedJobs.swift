public import Foundation
public import Jobs

/// What ran while jobs were drained, in its order.
public struct DrainedJobs: Sendable, CustomStringConvertible {
    /// One run of a job.
    public struct Run: Sendable, Hashable {
        /// The job's number.
        public let id: JobID
        /// Its kind.
        public let kind: String
        /// What the moved clock showed.
        public let moment: Date
        /// How it ended: `succeeded`, `failed`, `snoozed`, `discarded`, `cancelled`, `unknown_kind`, `unknown_key`,
        /// `undecodable`, or `lost` when the process died, as it were.
        public let outcome: String
        /// Why; a remark when it succeeded.
        public let reason: String?
    }

    /// The runs.
    public internal(set) var runs: [Run] = []
    /// Where the process died, as it were; nil: nowhere was planned.
    public let plan: CrashPlan?

    /// The outcomes of one kind, in their order.
    public func outcomes(of kind: String) -> [String] { runs.filter { $0.kind == kind }.map(\.outcome) }

    /// The outcomes of one kind of job, in their order.
    public func outcomes(of type: (some JobPayload).Type) -> [String] { outcomes(of: type.kind) }

    /// How often the process died, as it were.
    public var crashes: Int { runs.filter { $0.outcome == "lost" }.count }

    /// A line for each run.
    public var description: String {
        let lines = runs.map { run in
            "\(run.moment.formatted(.iso8601))  \(run.kind)  \(run.outcome)" + (run.reason.map { ": \($0)" } ?? "")
        }
        return (lines + [plan.map(\.description)].compactMap { $0 }).joined(separator: "\n")
    }
}

/// Jobs made jobs without end, or came back for ever.
public struct DrainWithoutEnd: Error, CustomStringConvertible {
    /// What ran until then.
    public let drained: DrainedJobs
    /// How many runs were allowed.
    public let limit: Int

    /// What ran most, and last.
    public var description: String {
        let counts = Dictionary(grouping: drained.runs, by: \.kind).mapValues(\.count)
        let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key): \($0.value)" }
        return """
            After \(limit) runs there is still something to do (\(most.joined(separator: ", "))). \
            A job that asks for itself again, or snoozes until now, never ends; or raise the limit.
            """
    }
}
