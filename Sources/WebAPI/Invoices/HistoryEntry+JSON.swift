import StateMachines
import Workflows

extension HistoryEntry {
    /// One event.
    ///
    /// - Throws: ``UnreadableStoredJSON``.
    func json() throws -> JSONValue {
        .object([
            "id": .id(id), "seq": .count(seq), "kind": .string(kind), "move": .string(move), "from": .text(from),
            "to": .string(to),
            "actor": .object(["kind": .string(actorKind), "id": .id(actorID), "role": .string(role)]),
            "caused_by": .id(causedBy), "reason": .text(reason), "changes": try .stored(changes),
            "noted": try .stored(noted), "as_of": .moment(asOf), "at": .moment(at),
        ])
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
