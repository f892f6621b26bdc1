import Foundation

/// Everything in which two folders of lifecycle files differ, as far as machines go.
///
/// Pure. Names that `was` maps are one name; words of the vocabulary are compared by name.
public struct WorkflowDifference: Sendable {
    /// The machines that differ, by name.
    public let machines: [MachineDifference]

    /// Compares two folders that have passed the checker.
    public init(from old: WorkflowFiles, to new: WorkflowFiles) {
        let finders = Dictionary(
            (new.vocabulary.finders + old.vocabulary.finders).map { ($0.name.text, $0.states.map(\.text)) }
        ) {
            first, _ in first
        }
        let renames = new.machines.map { machine in
            (machine.name.text, Renaming(from: old.machine(named: machine.name.text), to: machine))
        }
        let renaming = Dictionary(renames) { first, _ in first }
        let names = Set((old.machines + new.machines).map(\.name.text)).sorted()
        machines = names.compactMap { name in
            switch (old.machine(named: name), new.machine(named: name)) {
            case (let old?, let new?):
                let changes = MachineComparison(old, new, renaming: renaming, finders: finders).changes
                return changes.isEmpty
                    ? nil
                    : MachineDifference(
                        machine: name, oldVersion: old.version, newVersion: new.version, changes: changes)
            case (let old?, nil):
                let change = DefinitionChange(
                    .machine, name, .removed, says: "the machine is gone", states: old.states.map(\.name.text))
                return MachineDifference(machine: name, oldVersion: old.version, changes: [change])
            case (nil, let new?):
                let change = DefinitionChange(.machine, name, .added, says: "the machine is new")
                return MachineDifference(machine: name, newVersion: new.version, changes: [change])
            case (nil, nil): return nil
            }
        }
    }
}

/// How many records of a machine are in each state; a machine without an entry is not known.
public typealias RecordCounts = [String: [String: Int]]

extension WorkflowDifference {
    /// How many records feel a change; nil when it is not known.
    public static func records(touchedBy change: DefinitionChange, of machine: String, in counts: RecordCounts) -> Int?
    {
        counts[machine].map { known in change.states.reduce(0) { $0 + (known[$1] ?? 0) } }
    }

    /// A line per change below a line per machine.
    public func text(counts: RecordCounts? = nil) -> String {
        guard !machines.isEmpty else { return "no difference\n" }
        let blocks = machines.map { difference in
            let lines = difference.changes.map { change in
                "  \(change.says)\(Self.note(change, of: difference.machine, counts))"
            }
            return ([Self.heading(difference)] + lines).joined(separator: "\n")
        }
        let count = machines.reduce(0) { $0 + $1.changes.count }
        let sum = "\(machines.count) machine\(machines.count == 1 ? "" : "s"), \(count) change\(count == 1 ? "" : "s")"
        return (blocks + [sum]).joined(separator: "\n") + "\n"
    }

    private static func heading(_ difference: MachineDifference) -> String {
        switch (difference.oldVersion, difference.newVersion) {
        case (let old?, let new?) where old != new: "\(difference.machine), version \(old) to \(new)"
        default: difference.machine
        }
    }

    private static func note(_ change: DefinitionChange, of machine: String, _ counts: RecordCounts?) -> String {
        guard let counts, !change.states.isEmpty else { return "" }
        guard let records = records(touchedBy: change, of: machine, in: counts) else { return " [records: unknown]" }
        return " [\(records) record\(records == 1 ? "" : "s")]"
    }

    /// `{"same": false, "machines": [{"machine", "old_version", "new_version", "changes": [{"what", "name", "kind",
    /// "part", "says", "states", "records"}]}]}`; `records` is null where it is not known.
    public func json(counts: RecordCounts? = nil) -> String {
        let answer = Answer(
            same: machines.isEmpty,
            machines: machines.map { difference in
                Answer.Entry(
                    machine: difference.machine, oldVersion: difference.oldVersion,
                    newVersion: difference.newVersion,
                    changes: difference.changes.map { change in
                        Answer.Change(
                            what: change.subject.rawValue, name: change.name, kind: change.kind.rawValue,
                            part: change.part, says: change.says, states: change.states,
                            records: counts.flatMap {
                                Self.records(touchedBy: change, of: difference.machine, in: $0)
                            })
                    })
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Texts, numbers and booleans cannot fail to be encoded.
        guard let data = try? encoder.encode(answer) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// The difference as programs read it.
private struct Answer: Encodable {
    struct Change: Encodable {
        var what: String
        var name: String
        var kind: String
        var part: String?
        var says: String
        var states: [String]
        var records: Int?

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: Key.self)
            try values.encode(what, forKey: .what)
            try values.encode(name, forKey: .name)
            try values.encode(kind, forKey: .kind)
            try values.encode(part, forKey: .part)
            try values.encode(says, forKey: .says)
            try values.encode(states, forKey: .states)
            try values.encode(records, forKey: .records)
        }

        private enum Key: String, CodingKey {
            case what, name, kind, part, says, states, records
        }
    }

    struct Entry: Encodable {
        var machine: String
        var oldVersion: Int?
        var newVersion: Int?
        var changes: [Change]

        private enum CodingKeys: String, CodingKey {
            case machine
            case oldVersion = "old_version"
            case newVersion = "new_version"
            case changes
        }
    }

    var same: Bool
    var machines: [Entry]
}
