public import Jobs
public import StateMachines

extension JobSummary {
    /// One job, its id as a text, for it does not fit into a JavaScript number.
    public var json: JSONValue {
        .object([
            "id": .string(id.description), "kind": .string(kind), "queue": .string(queue),
            "place": .string(place.rawValue), "run_at": .moment(runAt), "attempts": .count(attempts),
            "max_attempts": .count(maxAttempts), "crashes": .count(crashes), "last_error": .text(lastError),
            "note": .text(note), "machine": .text(subject?.machine), "record_id": .id(subject?.recordID),
            "event_id": .id(eventID), "created_at": .moment(createdAt),
            "finished_at": .moment(finishedAt),
        ])
    }
}

extension QueueOverview {
    /// What is in one queue; of the places in `more` it may hold more than is said.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "queue": .string(queue), "more": .array(overflows.map(\.rawValue).sorted().map(JSONValue.string)),
            "oldest_ready_ms": oldestReadyAge.map { .integer(Int64($0 / .milliseconds(1))) } ?? .null,
            "next_run_at": .moment(nextRunAt), "retrying": .count(retrying), "paused_at": .moment(pausedAt),
            "paused_by": .text(pausedBy), "pause_reason": .text(pauseReason),
        ]
        for (place, jobs) in depths { members[place.rawValue] = .count(jobs) }
        return .object(members)
    }
}
