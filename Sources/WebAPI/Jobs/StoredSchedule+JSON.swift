import Jobs
import StateMachines

extension StoredSchedule {
    /// A schedule, without what it enqueues.
    var json: JSONValue {
        .object([
            "name": .string(name), "cron": .string(expression), "zone": .string(zone), "catch_up": .string(catchUp),
            "next_fire_at": .moment(nextFireAt), "last_fire_at": .moment(lastFireAt),
            "last_job": .text(lastJobID?.description), "paused_at": .moment(pausedAt), "paused_by": .text(pausedBy),
            "pause_reason": .text(pauseReason),
        ])
    }
}
