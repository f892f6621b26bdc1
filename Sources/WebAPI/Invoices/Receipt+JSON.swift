import StateMachines
import Workflows

extension Receipt {
    /// The answer to a move that was made, or that had been made before.
    ///
    /// - Parameter withCaused: Whether the moves of other records are told: of some of them only the company is to know.
    /// - Returns: The object.
    func json(withCaused: Bool) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .id(record), "result": .string(result.rawValue), "state": .string(state), "seq": .count(seq),
            "queued": .array(jobs.map(\.json)), "next": .array(next.map(\.json)),
            "opened": .array(opened.map(JSONValue.string)), "noted": .array(noted.map(\.json)),
            "events": .array(events.map(JSONValue.id)), "dry_run": .boolean(isDryRun),
        ]
        if withCaused { members["caused"] = .array(caused.map(\.json)) }
        return .object(members)
    }
}

extension Receipt.Job {
    /// One job that was queued.
    var json: JSONValue {
        .object(["kind": .string(kind), "with": .object(with.mapValues(JSONValue.string))])
    }
}

extension Receipt.Caused {
    /// What happened to another record.
    var json: JSONValue {
        .object([
            "machine": .string(machine), "id": .id(record), "move": .string(move), "from": .text(from),
            "to": .string(to),
        ])
    }
}

extension EventDraft.Note {
    /// Something that did not happen, and why.
    var json: JSONValue {
        .object(["what": .string(what), "reasons": .array(reasons.map(\.json))])
    }
}
