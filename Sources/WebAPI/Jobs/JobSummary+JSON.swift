import Jobs
import StateMachines

extension JobSummary {
    /// One job, its id as a text, for it does not fit into a JavaScript number.
    var json: JSONValue {
        .object([
            "id": .string(id.description), "kind": .string(kind), "queue": .string(queue),
            "place": .string(place.rawValue), "run_at": .moment(runAt), "attempts": .count(attempts),
            "max_attempts": .count(maxAttempts), "crashes": .count(crashes), "last_error": .text(lastError),
            "note": .text(note), "event_id": .id(eventID), "created_at": .moment(createdAt),
            "finished_at": .moment(finishedAt),
        ])
    }
}

extension QueueOverview {
    /// What is in one queue.
    var json: JSONValue {
        .object([
            "queue": .string(queue), "ready": .count(ready), "scheduled": .count(scheduled), "leased": .count(leased),
            "dead": .count(dead),
            "oldest_ready_ms": oldestReadyAge.map { .integer(Int64($0 / .milliseconds(1))) } ?? .null,
            "next_run_at": .moment(nextRunAt), "paused_at": .moment(pausedAt),
        ])
    }
}
