import StateMachines
import Workflows

extension Explanation {
    /// What can be done, what stands in the way, and what happens by itself.
    ///
    /// Source: docs/lifecycle-files.md.
    var json: JSONValue {
        .object([
            "state": .string(standing.state), "since": .moment(standing.since), "seq": .count(standing.seq),
            "actions": .array(moves.map(\.json)), "next": .array(next.map(\.json)),
            "tasks": .array(tasks.map { .object(["task": .string($0.task), "since": .moment($0.since)]) }),
        ])
    }
}

extension ExplainedMove {
    /// One action, its `title` what a person presses.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "move": .string(move.name.text), "title": .string(move.button ?? move.title),
            "reachable": .boolean(isReachable), "enabled": .boolean(isEnabled),
            "blocked_by": .array(told.map(\.json)),
        ]
        members["confirm"] = move.confirm.map(JSONValue.string)
        let asks = move.inputs.map { ($0.name.text, $0.json) }
        if !asks.isEmpty { members["asks"] = .object(Dictionary(asks) { first, _ in first }) }
        return .object(members)
    }
}

extension Ask {
    /// One input: its type, whether it is required, its choices.
    var json: JSONValue {
        var members: [String: JSONValue] = ["type": .string(type.word), "required": .boolean(isRequired)]
        if case .choice(let words) = type { members["of"] = .array(words.map { .string($0.text) }) }
        members["title"] = title.map(JSONValue.string)
        return .object(members)
    }
}

extension Ask.Kind {
    /// The type as the lifecycle files write it.
    var word: String {
        switch self {
        case .text: "text"
        case .money: "money"
        case .percent: "percent"
        case .integer: "integer"
        case .date: "date"
        case .time: "time"
        case .choice: "choice"
        case .boolean: "boolean"
        case .file: "file"
        case .reference: "reference"
        case .lines: "lines"
        }
    }
}

extension Receipt.Next {
    /// One timer that is armed.
    var json: JSONValue {
        .object(["timer": .string(timer), "at": .moment(at), "will": .string(will)])
    }
}
