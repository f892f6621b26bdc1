import Foundation
import StateMachines

extension ScenarioReader {
    /// The words that a step may begin with.
    private static let kinds = [
        "do", "same_command", "set", "advance_to", "down_until", "name", "expect", "expect_jobs", "no_jobs",
        "expect_next", "expect_tasks", "no_task", "expect_blocked",
    ]

    func step(_ node: SourceNode) -> ScenarioStep? {
        guard case .mapping(let entries) = node.content else {
            notes.add("W000", at: node.location, "a step is \(node.kind) where a mapping is wanted")
            return nil
        }
        let present = Self.kinds.filter { kind in entries.contains { $0.key == kind } }
        guard let kind = present.first, present.count == 1 else {
            unknownStep(entries.map(\.key), at: node.location, found: present)
            return nil
        }
        let reader = MappingReader(node, subject: "the step", at: node.location, notes: notes)
        defer { reader.finish() }
        guard let value = reader.required(kind) else { return nil }
        return action(kind, value, reader).map { ScenarioStep(location: node.location, action: $0) }
    }

    private func unknownStep(_ keys: [Word], at location: SourceLocation, found: [String]) {
        guard found.isEmpty, let key = keys.first else {
            let what = found.isEmpty ? "is empty" : "is several at once: " + found.joined(separator: ", ")
            return notes.add("W000", at: location, "the step \(what)")
        }
        let advice = Spelling.advice(for: key.text, among: Self.kinds)
        notes.add("W000", at: key.location, "there is no step \"\(key)\"\(advice)")
    }

    private func action(_ kind: String, _ value: SourceNode, _ reader: MappingReader) -> ScenarioStep.Action? {
        switch kind {
        case "do": return performance(value, reader).map { .perform($0) }
        case "same_command": return value.boolean(kind, notes: notes) == true ? .again : nil
        case "set": return .set(targeted(value, kind))
        case "advance_to": return moment(value, kind).map { .advance($0) }
        case "down_until": return moment(value, kind).map { .down($0) }
        case "name": return naming(value, reader)
        case "expect": return .expect(targeted(value, kind))
        case "expect_jobs": return .expectJobs(patterns(value, kind))
        case "no_jobs": return .noJobs(patterns(value, kind))
        case "expect_next": return .expectNext(times(value))
        case "expect_tasks": return .expectTasks(tasks(value, kind))
        case "no_task": return .noTask(tasks(value, kind))
        default: return blocked(value).map { .expectBlocked($0) }
        }
    }

    private func performance(_ value: SourceNode, _ reader: MappingReader) -> ScenarioStep.Performance? {
        let target = value.text("do", notes: notes).flatMap { memberTarget($0, what: "a move") }
        let actor = actor(reader)
        let inputs = reader.optional("with").map { pairs($0, "with") } ?? []
        let alias = reader.optional("as")?.name("as", notes: notes)
        let refused = reader.optional("refused").map { words($0, "refused") }
        let already = reader.optional("already")?.boolean("already", notes: notes) ?? false
        if refused != nil, already {
            notes.add("W000", at: reader.place(of: "already"), "a command is refused or already done, not both")
        }
        guard let target, let actor else { return nil }
        return ScenarioStep.Performance(
            target: target, actor: actor, inputs: inputs, alias: alias?.text,
            wanted: refused.map { .refused($0) } ?? (already ? .already : .done))
    }

    private func actor(_ reader: MappingReader) -> ScenarioActor? {
        let person = reader.optional("person")?.text("person", notes: notes)
        return reader.required("by")?.name("by", notes: notes).map { ScenarioActor(role: $0, person: person?.text) }
    }

    private func naming(_ value: SourceNode, _ reader: MappingReader) -> ScenarioStep.Action? {
        let machine = reader.required("is")?.name("is", notes: notes)
        guard let name = value.name("name", notes: notes), let machine else { return nil }
        return .name(name.text, machine: machine)
    }

    private func blocked(_ value: SourceNode) -> ScenarioStep.Blocked? {
        let reader = MappingReader(value, subject: "expect_blocked", at: value.location, notes: notes)
        defer { reader.finish() }
        let move = reader.required("move")?.text("move", notes: notes).flatMap { memberTarget($0, what: "a move") }
        let codes = reader.required("codes").map { words($0, "codes") } ?? []
        guard let move, let actor = actor(reader) else { return nil }
        return ScenarioStep.Blocked(target: move, actor: actor, codes: codes)
    }

    private func tasks(_ value: SourceNode, _ subject: String) -> [Word] {
        words(value, subject).filter { memberTarget($0, what: "a task") != nil }
    }

    private func targeted(_ value: SourceNode, _ subject: String) -> [ScenarioPair] {
        let pairs = pairs(value, subject)
        for pair in pairs { _ = target(pair.key) }
        return pairs
    }

    private func times(_ value: SourceNode) -> [ScenarioPair] {
        let pairs = pairs(value, "expect_next")
        for pair in pairs {
            _ = memberTarget(pair.key, what: "a timer")
            let isTime = pair.value.text.flatMap { ScenarioTime.moment($0, in: zone) } != nil
            if !isTime, pair.value.content != .none {
                notes.add(
                    "W000", at: pair.value.location,
                    "\(pair.key) is \(pair.value); write \"2026-03-02 10:00\", company time, or none")
            }
        }
        return pairs
    }

    private func patterns(_ value: SourceNode, _ subject: String) -> [ScenarioStep.JobPattern] {
        value.items(subject, notes: notes).compactMap { item in
            switch item.content {
            case .scalar:
                return item.name("a job", notes: notes).map { .init(kind: $0, parameters: [], record: nil) }
            case .mapping(let entries) where entries.count == 1:
                let parameters = pairs(entries[0].value, "the job \"\(entries[0].key)\"")
                let record = parameters["of"].flatMap { value in
                    value.text.flatMap { reference(Word($0, at: value.location)) }
                }
                return .init(kind: entries[0].key, parameters: parameters.without(["of"]), record: record)
            default:
                notes.add("W000", at: item.location, "a job is written kind, or kind: { parameters }")
                return nil
            }
        }
    }
}
