import Database
import Foundation
import Jobs
import StateMachines
import Workers

extension House {
    /// Everything that happens at a time of day; `drizzl schedules list` shows how it stands.
    ///
    /// A scheduler declares them when it starts. What depends on the state of a record, or on settings in the database,
    /// is a timer or a duty and not here (docs/decisions/0017-schedules-and-partitions.md).
    ///
    /// - Throws: `CronError`, for the person who changes this.
    func schedules() throws -> [Schedule] {
        [
            // J-30: one that was missed is made up for once, for it looks at everything anyway.
            try Schedule(
                "reconcile figures", cron: "0 3 * * *", in: calendar.zone, catchUp: .last,
                enqueues: JobRequest(
                    kind: ReconcileFiguresHandler.kind, payload: JSON(text: "{}"), priority: JobPriority.rollUp,
                    uniqueKey: "nightly"))
        ]
    }
}
