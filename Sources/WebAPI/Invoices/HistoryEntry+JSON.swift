import StateMachines
import Workflows

extension HistoryEntry {
    /// One event.
    ///
    /// - Parameter withChanges: Whether the columns that changed are told, and what did not happen.
    /// - Returns: The object.
    /// - Throws: ``UnreadableStoredJSON``.
    func json(withChanges: Bool) throws -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .id(id), "seq": .count(seq), "kind": .string(kind), "move": .string(move), "from": .text(from),
            "to": .string(to),
            "actor": .object(["kind": .string(actorKind), "id": .id(actorID), "role": .string(role)]),
            "caused_by": .id(causedBy), "reason": .text(reason), "as_of": .moment(asOf), "at": .moment(at),
        ]
        if withChanges { (members["changes"], members["noted"]) = (try .stored(changes), try .stored(noted)) }
        return .object(members)
    }
}

extension OutboundEmail {
    /// One mail, without its body.
    var json: JSONValue {
        .object([
            "id": .id(id), "subject": .string(subject), "to": .array(recipients.map(JSONValue.string)),
            "state": .string(state.rawValue), "created_at": .moment(createdAt), "sent_at": .moment(sentAt),
        ])
    }
}
