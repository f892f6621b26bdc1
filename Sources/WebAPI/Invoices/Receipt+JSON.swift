import StateMachines
import Workflows

extension Receipt {
    /// The answer to a move that was made, or that had been made before.
    var json: JSONValue {
        .object([
            "id": .id(record), "result": .string(result.rawValue), "state": .string(state), "seq": .count(seq),
            "queued": .array(jobs.map(\.json)), "next": .array(next.map(\.json)),
            "opened": .array(opened.map(JSONValue.string)), "noted": .array(noted.map(\.json)),
            "events": .array(events.map(JSONValue.id)), "dry_run": .boolean(isDryRun),
        ])
    }
}

extension Receipt.Job {
    /// One job that was queued.
    var json: JSONValue {
        .object(["kind": .string(kind), "with": .object(with.mapValues(JSONValue.string))])
    }
}

extension EventDraft.Note {
    /// Something that did not happen, and why.
    var json: JSONValue {
        .object(["what": .string(what), "reasons": .array(reasons.map(\.json))])
    }
}
