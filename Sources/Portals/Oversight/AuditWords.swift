import Documents
import StateMachines
import WebAPI

/// An entry of the audit log in words, the same for the page and the export.
struct AuditWords {
    /// One thing that differs.
    struct Difference {
        let name: String
        let old: String?
        let new: String?
    }

    let line: AuditLine
    /// The definition of a machine, for the titles of its moves.
    let machine: Machine?

    /// Who did it.
    var actor: String { line.actorName ?? Words.doer(role: line.actorKind) }

    /// What was done.
    var action: String {
        let parts = line.action.split(separator: ".", maxSplits: 1).map(String.init)
        guard let machine, parts.count == 2, parts[0] == machine.name.text else {
            return parts.map { Words.spelled($0) }.joined(separator: ": ")
        }
        return machine.title(ofEvent: parts[1])
    }

    /// What it was done to.
    var subject: String {
        let kind = machine?.title ?? Words.spelled(line.subjectType)
        return line.subjectName.map { "\(kind) \($0)" } ?? kind
    }

    /// What is not as it was before, by name.
    var differences: [Difference] {
        let names = Set(line.before.keys).union(line.after.keys)
        return names.sorted().compactMap { name in
            let (old, new) = (line.before[name], line.after[name])
            guard old != new else { return nil }
            let label = name.hasSuffix("_cents") ? String(name.dropLast("_cents".count)) : name
            return Difference(
                name: Words.spelled(label), old: old.flatMap { shown($0, name) }, new: new.flatMap { shown($0, name) })
        }
    }

    private func shown(_ value: JSONValue, _ name: String) -> String? {
        switch value {
        case .null: nil
        case .boolean(let flag): flag ? "yes" : "no"
        case .integer(let number): name.hasSuffix("_cents") ? MoneyText.dollars(number) : "\(number)"
        case .string(let text): name == "state" ? machine?.title(ofState: text) ?? text : text
        case .number, .array, .object: value.json
        }
    }
}
