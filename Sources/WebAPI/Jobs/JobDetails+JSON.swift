public import Jobs
public import StateMachines

extension JobDetails {
    /// All that is known about a job; its payload unless it is sealed.
    ///
    /// - Throws: When the database keeps a payload that we do not read.
    public var json: JSONValue {
        get throws {
            guard case .object(var members) = summary.json else { return .null }
            if let sealed = SealedPayload(payload) {
                members["sealed_with"] = .string(sealed.keyID)
            } else {
                members["payload"] = try .stored(payload)
            }
            members["priority"] = .count(Int(priority))
            members["unique_key"] = .text(uniqueKey)
            members["concurrency_key"] = .text(concurrency?.key)
            members["concurrency_limit"] = concurrency.map { .count($0.limit) } ?? .null
            members["rate_key"] = .text(rateKey)
            members["tenant"] = .text(tenant)
            members["batch"] = .text(batch?.description)
            members["replaces"] = .text(replaces?.description)
            members["death"] = .text(death)
            members["waits_for"] = .array(waitsFor.map { .string($0.description) })
            members["trace_parent"] = .text(traceParent)
            members["worker"] = .text(workerID?.description)
            members["claimed_at"] = .moment(claimedAt)
            members["lease_expires_at"] = .moment(leaseExpiresAt)
            members["cancel_requested_at"] = .moment(cancelRequestedAt)
            members["tries"] = .array(attempts.map(\.json))
            members["operations"] = .array(operations.map(\.json))
            return .object(members)
        }
    }
}

extension JobAttempt {
    fileprivate var json: JSONValue {
        .object([
            "lease": .count(lease), "attempt": .count(attempt), "outcome": .string(outcome), "reason": .text(reason),
            "worker": .text(workerID?.description), "claimed_at": .moment(claimedAt),
            "finished_at": .moment(finishedAt), "retry_at": .moment(retryAt),
        ])
    }
}

extension JobOperation {
    fileprivate var json: JSONValue {
        .object([
            "at": .moment(at), "action": .string(action), "by": .string(name), "reason": .string(reason),
            "replaced_by": .text(replacement?.description),
        ])
    }
}

extension ToldOfJob {
    /// What a job has told of itself.
    ///
    /// - Throws: When the database keeps an output that we do not read.
    public var json: JSONValue {
        get throws {
            .object([
                "progress": progress.map {
                    .object([
                        "fraction": .number($0.fraction), "message": .text($0.message), "at": .moment(progressAt),
                    ])
                } ?? .null,
                "lines": .array(
                    lines.map { lease, line in
                        .object([
                            "lease": .count(lease), "line": .count(line.number), "at": .moment(line.moment),
                            "level": .string(line.level), "text": .string(line.text),
                        ])
                    }),
                "output": try output.map { try .stored($0) } ?? .null,
            ])
        }
    }
}

extension JobPause {
    /// A pause in force.
    public var json: JSONValue {
        .object([
            "scope": .string(scope.noun), "name": .string(scope.name), "paused_at": .moment(pausedAt),
            "by": .text(name), "reason": .text(reason),
        ])
    }
}

extension OperatedJob {
    /// What became of an operator's wish for a job.
    public var json: JSONValue {
        .object([
            "id": .string(jobID.description), "done": .boolean(isDone), "place": .text(place?.rawValue),
            "replacement": .text(replacement?.description), "key_holder": .text(keyHolder?.description),
            "paused": pause.map { .object(["scope": .string($0.noun), "name": .string($0.name)]) } ?? .null,
        ])
    }
}
