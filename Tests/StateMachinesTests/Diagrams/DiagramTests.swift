import StateMachines
import Testing

@Suite struct DiagramTests {
    private func order(_ changes: [String: String] = [:]) throws -> Machine {
        let text = changes.reduce(GoodFiles.order) { $0.replacing($1.key, with: $1.value) }
        return try #require(GoodFiles.load(["order.yaml": text]).files.machine(named: "order"))
    }

    @Test func `a Mermaid diagram has states, ways, timers and corrections`() throws {
        let lines = try order().mermaid.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        for line in [
            "stateDiagram-v2", "state \"Open\" as open", "[*] --> late : Place an order (is late)",
            "[*] --> open : Place an order",
            "open --> done : Take money (is paid)", "open --> late : Be late, by itself 1 day after due_on",
            "late --> dropped : Drop, by itself 30 days after due_on", "open --> dropped : Drop",
            "done --> late : correction, Reopen", "late : ↺ Note a promise", "done --> [*]", "dropped --> [*]",
        ] {
            #expect(lines.contains { $0 == line }, "\(line)")
        }
    }

    @Test func `a DOT graph frames the ends and dashes corrections`() throws {
        let dot = try order().dot
        #expect(dot.hasPrefix("digraph \"order\" {\n"))
        #expect(dot.hasSuffix("}\n"))
        #expect(dot.contains("\"done\" [label=\"Done\", peripheries=2, fillcolor=\"#e3f4e6\"];"))
        #expect(dot.contains("\"done\" -> \"late\" [label=\"Reopen\", style=dashed];"))
        #expect(dot.contains("\"[start]\" -> \"open\" [label=\"Place an order\"];"))
        #expect(dot.contains("\"open\" -> \"open\" [label=\"Take money\\nGive more time\", color=gray];"))
    }

    @Test func `letters that mean something are escaped`() throws {
        let changed = try order(["  open: Open": "  open: 'A \"b\"; c: <d> #1 \\ %% é'"])
        #expect(changed.mermaid.contains("state \"A #34;b#34;#59; c#58; #60;d#62; #35;1 \\ #37;#37; é\" as open"))
        #expect(changed.dot.contains("[label=\"A \\\"b\\\"; c: <d> #1 \\\\ %% é\"]"))
    }

    @Test func `a correction to the state before leads to each of them`() throws {
        let changed = try order(["to: late\n    already: [late]": "to: previous"])
        #expect(changed.mermaid.contains("done --> open : correction, Reopen"))
        #expect(changed.mermaid.contains("done --> late : correction, Reopen"))
    }

    @Test func `a state may be called as a word of Mermaid`() throws {
        let changed = try order([
            "dropped: Dropped": "end: Dropped", "to: dropped": "to: end", "[done, dropped]": "[done, end]",
            "[dropped]": "[end]",
        ])
        #expect(changed.mermaid.contains("open --> end_ : Drop\n"))
    }

    @Test func `every shipped machine can be drawn`() {
        for machine in WorkflowFiles.load(directory: shippedWorkflows).files.machines {
            #expect(machine.mermaid.count > 200)
            #expect(machine.dot.filter { $0 == "{" }.count == machine.dot.filter { $0 == "}" }.count)
        }
    }
}
