/// The index of the pages: how to read them, all machines, the map of what moves what, and who acts.
struct LifecycleIndex {
    let files: WorkflowFiles

    var text: String {
        let parts = [
            ["# Lifecycles", "", generatedNote, "", Self.introduction], machines, reading, map, roles, tasks,
        ]
        return parts.joined(separator: [""]).joined(separator: "\n") + "\n"
    }

    private static let introduction =
        "What may happen to each record, who may do it, what it asks for, and what follows. These pages are made from"
        + " the files of `workflows/`, which are what runs; `workflows/README.md` teaches how such a file is written."

    private var machines: [String] {
        let rows = files.machines.map { machine in
            [
                "[\(machine.title.markdown)](\(machine.name).md)", (machine.about ?? "").markdown,
                "\(machine.states.count)", "\(machine.moves.count + 1)", "\(machine.timers.count)",
                "\(machine.reactions.count)",
            ]
        }
        return MarkdownTable(["Record", "What it is", "States", "Moves", "Timers", "Reactions"], rows).lines
    }

    private var reading: [String] {
        """
        ## How to read a page

        - The **bold** state is where a record begins; ◼ = final. Only a correction leaves a final state.
        - *stays*: the state does not change, and timers that count from entering run on. *already*: in these states the
          same request is answered "already done". \\* after an input: it is required.
        - **Refused unless** is looked at in this order; all refusals are shown, the first is the headline. A move that is
          not listed for a state is refused and changes nothing.
        - **Changes** are part of the same transaction; what stands after an arrow are jobs and notices it queues.
        - **Missed** (the servers were down): `fire` once, late; `each` for every occurrence; `skip` not at all.
          *late: now* = also when the moment had passed as the state was entered.
        - **If refused**: `note` in the event; `park` opens a task for people; `fail` refuses the whole command. A refused
          creation fails. *later* = in a transaction of its own, soon after.
        - Times that name no zone are company time. Days are calendar days unless "business" is said.
        """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// One arrow from machine to machine, with a line for each reaction.
    private var map: [String] {
        let head = [
            "## What moves what", "",
            "An arrow is a reaction: what happens at its foot makes, in the same transaction, what stands after ⇒ at its"
                + " head.", "", "```mermaid", "flowchart LR",
        ]
        let arrows = files.machines.flatMap { target -> [String] in
            var sources: [String] = []
            for event in target.reactions.flatMap(\.when) where !sources.contains(event.machine.text) {
                sources.append(event.machine.text)
            }
            return sources.map { source in
                let lines = target.reactions.compactMap { Self.line(of: $0, from: source) }
                return "    \(source) -- \"\(lines.joined(separator: "<br>"))\" --> \(target.name)"
            }
        }
        return head + arrows + ["```"]
    }

    private static func line(of reaction: Reaction, from source: String) -> String? {
        let events = reaction.when.filter { $0.machine == source }.map { "\($0.verb.rawValue) \($0.subject)" }
        guard !events.isEmpty else { return nil }
        let does = [reaction.move?.text, reaction.create.map { _ in "create" }].compactMap { $0 }
        let tasks = reaction.opens.map { "opens \($0)" } + (reaction.jobs.isEmpty ? [] : ["jobs"])
        return "\(events.listed) ⇒ \((does + tasks).listed)\(reaction.run == .later ? " later" : "")"
    }

    private var roles: [String] {
        let rows = files.vocabulary.roles.map { role in
            [role.name.text.code, role.title.markdown, role.kind.rawValue + (role.repeats ? ", comes twice" : "")]
        }
        return ["## Who acts", ""] + MarkdownTable(["Role", "Who that is", "Kind"], rows).lines
    }

    private var tasks: [String] {
        let rows = files.vocabulary.tasks.map { task in
            [task.name.text.code, task.title.markdown, task.permission.text.code]
        }
        return ["## What waits for people", ""]
            + MarkdownTable(["Task", "What there is to do", "Seen by those who have"], rows).lines
    }
}
