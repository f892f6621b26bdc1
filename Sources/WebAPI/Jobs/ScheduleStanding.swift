public import Database
public import Foundation
public import Jobs
import StateMachines

/// A schedule with how its last run went.
public struct ScheduleStanding: Sendable {
    /// The schedule, without what it enqueues.
    public let schedule: StoredSchedule
    /// The job of its last run; nil when it never ran, or its job is no longer kept.
    public let lastJob: JobSummary?
    /// When that job began.
    public let beganAt: Date?
    /// How long its last attempt took; nil while it has none that ended.
    public let runTime: TimeInterval?
    /// By how much the last run was later than its moment, which it is after nobody was there; nil when it was not.
    public let lateness: TimeInterval?

    /// What is no lateness yet: the scheduler looks every few seconds.
    private static let grace: TimeInterval = 60

    /// Reads the schedules.
    ///
    /// - Parameter session: Any session; a round trip for each schedule.
    /// - Returns: The next to fire first.
    /// - Throws: `DatabaseError`.
    public static func all(in session: Session) throws -> [ScheduleStanding] {
        try session.query(Queue.schedules()).map { row in
            let schedule = try StoredSchedule(row: row)
            return ScheduleStanding(
                schedule, lastRun: try schedule.lastJobID.flatMap { try JobDetails(of: $0, in: session) })
        }
    }

    private init(_ schedule: StoredSchedule, lastRun: JobDetails?) {
        self.schedule = schedule
        lastJob = lastRun?.summary
        let last = lastRun?.attempts.last { $0.claimedAt != nil }
        beganAt = lastRun?.claimedAt ?? last?.claimedAt
        runTime = last.flatMap { attempt in attempt.claimedAt.map { attempt.finishedAt.timeIntervalSince($0) } }
        // A run that somebody asked for by hand has no moment to be late for.
        let isOfItsMoment = schedule.lastFireAt.map { moment in
            lastRun?.payload.text.contains(Timestamp.text(moment)) == true
        }
        let delay = lastRun.flatMap { run in schedule.lastFireAt.map { run.summary.createdAt.timeIntervalSince($0) } }
        lateness = isOfItsMoment == true ? delay.flatMap { $0 > Self.grace ? $0 : nil } : nil
    }

    var json: JSONValue {
        .object([
            "name": .string(schedule.name), "cron": .string(schedule.expression), "zone": .string(schedule.zone),
            "catch_up": .string(schedule.catchUp), "in_words": .string(CronWords.text(schedule.expression)),
            "next_fire_at": .moment(schedule.nextFireAt), "last_fire_at": .moment(schedule.lastFireAt),
            "last_job": .text(schedule.lastJobID?.description), "paused_at": .moment(schedule.pausedAt),
            "paused_by": .text(schedule.pausedBy), "pause_reason": .text(schedule.pauseReason),
            "last_run": lastJob.map { job in
                .object([
                    "place": .string(job.place.rawValue), "began_at": .moment(beganAt),
                    "run_ms": runTime.map { .integer(Int64($0 * 1_000)) } ?? .null,
                    "late_ms": lateness.map { .integer(Int64($0 * 1_000)) } ?? .null,
                ])
            } ?? .null,
        ])
    }
}
