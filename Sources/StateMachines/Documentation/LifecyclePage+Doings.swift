/// What happens by itself, what follows from it, and what people read when something is refused.
extension LifecyclePage {
    var timers: [String] {
        let rows = machine.timers.map { timer -> [String] in
            let condition = timer.onlyIf.map { "only if: \(vocabulary.sentence(ofGuard: $0).inSentence)" }
            return [
                [timer.name.text.code, timer.title.markdown].stacked, names(timer.states),
                ([timer.phrase] + condition).stacked,
                timer.ifMissed.rawValue + (timer.firesWhenLate ? ", late: now" : ""), doings(of: timer).stacked,
            ]
        }
        return MarkdownTable(["Timer", "While", "When", "Missed", "Does"], rows).lines
    }

    private func doings(of timer: TimerRule) -> [String] {
        let refused = timer.ifRefused == .note ? "" : " (if refused: \(timer.ifRefused.rawValue))"
        return [timer.fires.map { $0.text.code + Self.inputs(timer.with) + refused } ?? ""]
            + timer.jobs.map { "→ " + vocabulary.sentence(of: $0) }
            + timer.opens.map { "opens the task \($0.text.code)" }
    }

    var reactions: [String] {
        let rows = machine.reactions.map { reaction in
            [
                [reaction.name.text.code, reaction.title.markdown].stacked,
                reaction.when.map(Self.link).stacked, doings(of: reaction).stacked,
                reaction.run == .later ? "later" : "together", reaction.ifRefused?.rawValue ?? "",
            ]
        }
        return MarkdownTable(["Reaction", "When", "Does", "Run", "If refused"], rows).lines
    }

    private func doings(of reaction: Reaction) -> [String] {
        let found = reaction.find.map { " on \(vocabulary.sentence(ofFinder: $0))" } ?? ""
        let made = reaction.create.map { "`create`: \(vocabulary.sentence(ofFactory: $0))" } ?? ""
        let move = reaction.move.map { $0.text.code + Self.inputs(reaction.with) + found } ?? ""
        let place = reaction.move == nil ? reaction.find.map { " for \(vocabulary.sentence(ofFinder: $0))" } ?? "" : ""
        return [made, move] + reaction.jobs.map { "→ " + vocabulary.sentence(of: $0) + place }
            + reaction.opens.map { "opens the task \($0.text.code)\(place)" }
    }

    private static func inputs(_ given: [NamedValue]) -> String {
        guard !given.isEmpty else { return "" }
        return " (" + given.map { "\($0.name): \($0.value.text.markdown)" }.listed + ")"
    }

    private static func link(_ event: Reaction.Trigger) -> String {
        "[\(event.machine)](\(event.machine).md) \(event.verb.rawValue) \(event.subject.text.code)"
    }

    /// What other machines do after moves of this one.
    var followers: [String] {
        let rows = files.machines.filter { $0.name != machine.name }.flatMap { other in
            other.reactions.compactMap { reaction -> [String]? in
                let events = reaction.when.filter { $0.machine == machine.name }
                guard !events.isEmpty else { return nil }
                return [
                    events.map { "\($0.verb.rawValue) \($0.subject.text.code)" }.stacked,
                    "[\(other.name)](\(other.name).md): \(Self.shortly(reaction))", reaction.title.markdown,
                ]
            }
        }
        return MarkdownTable(["When it", "Then", "Because"], rows).lines
    }

    private static func shortly(_ reaction: Reaction) -> String {
        if let move = reaction.move { return move.text.code }
        if reaction.create != nil { return "create".code }
        return reaction.opens.isEmpty ? "notices" : "opens the task \(reaction.opens.map(\.text.code).listed)"
    }

    /// Every guard that a person may run into, once.
    var refusals: [String] {
        var seen: Set<String> = []
        let moves = [machine.create] + machine.moves
        let guards = moves.flatMap(\.requires).filter { seen.insert($0.text).inserted }
            .compactMap { vocabulary.guard(named: $0.text) }
        let rows = guards.map { rule in
            let source = rule.rule.map { " (\($0))" } ?? ""
            return [rule.code.code, rule.status.text, rule.says.markdown + source, rule.refusal.markdown]
        }
        return MarkdownTable(["Code", "Status", "Refused unless", "What people read"], rows).lines
    }

    var tasks: [String] {
        let opened =
            ([machine.create] + machine.moves).flatMap(\.opens) + machine.timers.flatMap(\.opens)
            + machine.reactions.flatMap(\.opens)
        var seen: Set<String> = []
        let rows = opened.filter { seen.insert($0.text).inserted }.map { name in
            [
                name.text.code, vocabulary.title(ofTask: name),
                vocabulary.tasks.first { $0.name == name }?.permission.text.code ?? "",
            ]
        }
        return MarkdownTable(["Task", "What there is to do", "Seen by those who have"], rows).lines
    }
}

extension TimerRule {
    /// `15 days after due_date, 9am partner time; every 30 days, 12 in all`.
    fileprivate var phrase: String {
        let time = at.map { ", " + $0.clockPhrase } ?? ""
        let again = repeats.map { "; every \($0.every.phrase), \($0.atMost) in all" } ?? ""
        return when.phrase + time + again
    }
}

extension TimeOfDay {
    /// `9am partner time`.
    fileprivate var clockPhrase: String {
        let clock = hour % 12 == 0 ? 12 : hour % 12
        let minutes = minute == 0 ? "" : ":" + (minute < 10 ? "0\(minute)" : "\(minute)")
        return "\(clock)\(minutes)\(hour < 12 ? "am" : "pm")" + (zone.map { " \($0.text) time" } ?? "")
    }
}
