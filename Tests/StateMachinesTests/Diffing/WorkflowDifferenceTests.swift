import Foundation
import StateMachines
import Testing

@Suite struct WorkflowDifferenceTests {
    private var older = LittleWorld()
    private var newer = LittleWorld()

    private var difference: WorkflowDifference {
        WorkflowDifference(from: older.files, to: newer.files)
    }

    /// What is said, less the reminder about the version.
    private var said: [String] {
        difference.machines.flatMap(\.changes).filter { $0.part != "version" }.map(\.says)
    }

    private func states(_ part: String) -> [String]? {
        difference.machines.flatMap(\.changes).first { $0.part == part }?.states
    }

    @Test func `the same files do not differ`() {
        #expect(difference.machines.isEmpty)
        #expect(difference.text() == "no difference\n")
        let files = WorkflowFiles.load(directory: shippedWorkflows).files
        #expect(WorkflowDifference(from: files, to: files).machines.isEmpty)
    }

    /// A line of a file, what becomes of it, what is said, and the states in which records feel it.
    @Test(arguments: [
        (
            "    from: [open, late]\n    to: done", "    from: [late]\n    to: done",
            "the move \"finish\" no longer starts in open", "from", ["open"]
        ),
        (
            "    to: dropped\n", "    to: done\n", "\"to\" of the move \"drop\" is now \"done\", and was \"dropped\"",
            "to",
            ["open", "late"]
        ),
        (
            "who: [clerk, system]", "who: [system]", "the move \"finish\" may no longer be made by clerk", "who",
            ["open", "late"]
        ),
        (
            "    who: [system]\ncorr", "    who: [system]\n    permission: orders.manage\ncorr",
            "\"permission\" of the move \"delay\" is now \"orders.manage\", and was not given", "permission", ["open"]
        ),
        (
            "requires: [bill_is_paid]", "requires: [bill_is_free]",
            "the move \"finish\" also requires bill_is_free and no longer requires bill_is_paid", "requires",
            ["open", "late"]
        ),
        ("  apply: [may_need_care]\n", "", "the move \"create\" no longer applies may_need_care", "apply", []),
        (
            "when: 3 days after entering", "when: 4 days after entering",
            "\"when\" of the timer \"too_long\" is now \"4 days after entering\", and was \"3 days after entering\"",
            "when", ["open"]
        ),
        (
            "    opens: [hurry]\n", "", "the timer \"too_long\" no longer opens hurry", "opens", ["open"]
        ),
        (
            "when: bill enters paid", "when: bill enters void",
            "the reaction \"bill_paid\" also answers bill enters void and no longer answers bill enters paid", "when",
            ["open", "late"]
        ),
        (
            "final: [done, dropped]", "final: [done]", "the machine no longer ends in dropped", "final", ["dropped"]
        ),
        (
            "    title: Drop\n", "    title: Give up\n", "the move \"drop\" is worded or shown differently", "title", []
        ),
    ])
    mutating func `a changed line is said with the states in which records feel it`(
        line: String, becomes: String, says: String, part: String, feeling: [String]
    ) throws {
        try #require(older.order.contains(line))
        newer.order = older.order.replacing(line, with: becomes)
        #expect(said == [says])
        #expect(states(part) == feeling)
    }

    @Test mutating func `what is new and what is gone is said`() throws {
        newer.order = older.order.replacing("  late: Late\n", with: "  slow: Slow\n")
        #expect(said.contains("the state \"slow\" is new"))
        let gone = try #require(
            difference.machines.first?.changes.first { $0.subject == .state && $0.kind == .removed })
        #expect(gone.name == "late")
        #expect(gone.states == ["late"])
        var files = older.files
        files.machines.removeAll { $0.name == "bill" }
        let without = WorkflowDifference(from: older.files, to: files).machines
        #expect(without.map(\.machine) == ["bill"])
        #expect(without.flatMap(\.changes).map(\.says) == ["the machine is gone"])
        #expect(without.flatMap(\.changes).map(\.states) == [["open", "paid", "void"]])
        let with = WorkflowDifference(from: files, to: older.files).machines
        #expect(with.flatMap(\.changes).map(\.says) == ["the machine is new"])
    }

    @Test mutating func `a renamed state is one change and not one for each line that names it`() {
        newer.order =
            older.order.replacing("late", with: "behind").replacing("Late", with: "Late")
            + "was:\n  states: { late: behind }\n"
        #expect(said == ["the state \"late\" is now called \"behind\""])
        #expect(difference.machines.first?.changes.last?.states == ["late"])
    }

    @Test mutating func `a change of meaning with the same version is told, and of words is not`() {
        newer.order = older.order.replacing("title: Drop\n", with: "title: Give up\n")
        #expect(difference.machines.first?.changes.count == 1)
        newer.order = older.order.replacing("requires: [bill_is_paid]", with: "requires: [bill_is_free]")
        #expect(difference.machines.first?.changes.first?.part == "version")
        newer.order = newer.order.replacing("version: 1", with: "version: 2")
        #expect(difference.machines.first?.changes.contains { $0.part == "version" } == false)
        #expect(difference.text().hasPrefix("order, version 1 to 2\n"))
    }

    @Test mutating func `each change tells how many records it touches, where that is known`() throws {
        newer.order = older.order.replacing("requires: [bill_is_paid]", with: "requires: [bill_is_free]")
            .replacing("version: 1", with: "version: 2")
        let known = difference.text(counts: ["order": ["open": 3, "late": 4, "done": 100]])
        #expect(known.contains("no longer requires bill_is_paid [7 records]\n"))
        #expect(difference.text(counts: [:]).contains("no longer requires bill_is_paid [records: unknown]\n"))
        #expect(!difference.text().contains("["))

        struct Answer: Decodable {
            struct Change: Decodable, Equatable {
                var what, name, kind: String
                var part: String?
                var states: [String]
                var records: Int?
            }
            struct Entry: Decodable {
                var machine: String
                var changes: [Change]
            }
            var same: Bool
            var machines: [Entry]
        }
        func read(_ json: String) throws -> Answer { try JSONDecoder().decode(Answer.self, from: Data(json.utf8)) }
        var expected = Answer.Change(
            what: "move", name: "finish", kind: "changed", part: "requires", states: ["open", "late"], records: 7)
        let answer = try read(difference.json(counts: ["order": ["open": 3, "late": 4]]))
        #expect(answer.machines.map(\.machine) == ["order"])
        #expect(answer.machines[0].changes == [expected])
        #expect(!answer.same)
        expected.records = nil
        #expect(try read(difference.json(counts: [:])).machines[0].changes == [expected])
    }
}
