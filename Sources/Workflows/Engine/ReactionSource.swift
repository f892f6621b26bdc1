public import Database
public import Foundation
public import StateMachines

/// The move that something follows from; its record is already written in the same transaction.
public struct ReactionSource: Sendable {
    /// The machine that moved.
    public var machine: String
    /// The record that moved.
    public var record: UUID
    /// The move.
    public var move: String
    /// Its event.
    public var event: UUID
    /// Who made it.
    public var actor: Actor
    /// What was given.
    public var inputs: [String: JSONValue]
    /// The record's columns after the move.
    public var columns: [String: JSONValue]
    /// When it counts as made, UTC.
    public var asOf: Date
    /// The present, UTC.
    public var now: Date
    /// The company's calendar.
    public var calendar: CompanyCalendar

    /// Makes a source.
    public init(
        machine: String, record: UUID, move: String, event: UUID, actor: Actor, inputs: [String: JSONValue],
        columns: [String: JSONValue], asOf: Date, now: Date, calendar: CompanyCalendar
    ) {
        (self.machine, self.record, self.move, self.event) = (machine, record, move, event)
        (self.actor, self.inputs, self.columns) = (actor, inputs, columns)
        (self.asOf, self.now, self.calendar) = (asOf, now, calendar)
    }
}

/// Which records a reaction reaches: a query that gives their ids in one column, in the order in which they are reached.
public typealias Finder = @Sendable (ReactionSource) -> SQL

/// A record that a factory has ready to be made.
public struct NewRecord<Facts: Governed>: Sendable {
    /// The id that it will have.
    public var id: UUID
    /// The facts with which it begins.
    public var facts: Facts

    /// Makes a record that is not written yet.
    public init(id: UUID, facts: Facts) {
        (self.id, self.facts) = (id, facts)
    }
}

/// What a reaction makes: safe to be asked twice, for it looks for what it has made before.
public struct Factory<Facts: Governed>: Sendable {
    /// Locks and reads what it makes records from, in one round trip.
    public var read: @Sendable (ReactionSource) -> [SQL]
    /// The records to make, out of the results of ``read``; it may decide to make none.
    public var make: @Sendable ([StatementResult], ReactionSource) throws -> [NewRecord<Facts>]

    /// Makes a factory.
    public init(
        read: @escaping @Sendable (ReactionSource) -> [SQL],
        make: @escaping @Sendable ([StatementResult], ReactionSource) throws -> [NewRecord<Facts>]
    ) {
        (self.read, self.make) = (read, make)
    }
}

extension Reaction {
    /// The inputs of the move it makes: `machine.field` is the source's input of that name, else its column.
    func inputs(from source: ReactionSource) -> [String: JSONValue] {
        var inputs: [String: JSONValue] = [:]
        for pair in with {
            let text = pair.value.text
            guard let dot = text.firstIndex(of: "."), when.contains(where: { $0.machine == String(text[..<dot]) })
            else {
                inputs[pair.name.text] = .string(text)
                continue
            }
            let field = String(text[text.index(after: dot)...])
            inputs[pair.name.text] = source.inputs[field] ?? source.columns[field]
        }
        return inputs
    }

    /// Whether an event sets it off.
    func follows(_ event: EventDraft, of machine: String) -> Bool {
        follows(event.kind, event.move, from: event.from, to: event.to, of: machine)
    }

    /// Whether an event of this kind, between these states, sets it off.
    func follows(
        _ kind: EventDraft.Kind, _ move: String, from: String?, to: String, of machine: String
    ) -> Bool {
        // A timer's firing is no move; the move that it fires is an event of its own.
        guard kind == .create || kind == .move || kind == .correction else { return false }
        return when.contains { trigger in
            guard trigger.machine == machine else { return false }
            return switch trigger.verb {
            case .does: trigger.subject == move
            case .enters: from != to && trigger.subject == to
            case .leaves: from != to && trigger.subject == (from ?? "")
            }
        }
    }
}
