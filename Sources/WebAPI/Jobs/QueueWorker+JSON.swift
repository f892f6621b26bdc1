public import Jobs
public import StateMachines

extension QueueWorker {
    /// A process and its jobs.
    public var json: JSONValue {
        .object([
            "id": .string("\(WorkerID(rawValue: id))"), "name": .string(name),
            "queues": .array(queues.map(JSONValue.string)),
            "kinds": .array(kinds.map(JSONValue.string)), "started_at": .moment(startedAt),
            "expires_at": .moment(expiresAt), "draining_at": .moment(drain?.since), "drained_by": .text(drain?.name),
            "drain_reason": .text(drain?.reason),
            "jobs": .array(
                leases.map { lease in
                    .object([
                        "id": .string(lease.jobID.description), "kind": .string(lease.kind),
                        "attempt": .count(lease.attempt), "since": .moment(lease.since),
                    ])
                }),
        ])
    }
}
