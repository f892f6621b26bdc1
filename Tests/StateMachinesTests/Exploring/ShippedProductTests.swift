import StateMachines
import Testing

@Suite struct ShippedProductTests {
    private static let files = WorkflowFiles.load(directory: shippedWorkflows).files

    @Test func `the shipped machines meet every property together`() {
        let report = ProductCheck(Self.files).run()
        #expect(report.faults.map(\.description) == [])
        #expect(report.worlds.count == 7)
        #expect(report.worlds.map(\.properties).reduce(0, +) >= 140)
        #expect(report.worlds.map(\.states).reduce(0, +) > 10_000)
    }

    /// One mistake in a shipped machine, the kind of fault that shows it, and the story.
    @Test(arguments: [
        ("invoice", "cancel", "W174", "invoice.cancel enters \"cancelled\", where what holds is not true"),
        ("order", "pass_quality", "W170", "Unpaid goods of a prepaid order are released"),
        ("order", "confirm", "W170", "A confirmed order on hold"),
        ("partner", "close", "W170", "A closed partner who owes money"),
    ])
    func `a guard that is left out is noticed with its story`(
        machine: String, move: String, code: String, says: String
    ) throws {
        var files = Self.files
        let index = try #require(files.machines.firstIndex { $0.name == machine })
        let at = try #require(files.machines[index].transitions.firstIndex { $0.name == move })
        files.machines[index].transitions[at].requires = []
        let faults = ProductCheck(files).run(worldsWith: [machine]).faults
        let fault = try #require(faults.first { $0.message.hasPrefix(says) }, "\(faults)")
        #expect(fault.code == code)
        #expect(fault.message.hasSuffix(".\(move)"), "\(fault.message)")
    }

    @Test func `only worlds that hold the machine are explored`() {
        #expect(ProductCheck(Self.files).run(worldsWith: ["ticket"]).worlds.map(\.name) == ["support"])
        #expect(ProductCheck(Self.files).run(worldsWith: ["ticket"]).faults.isEmpty)
    }
}
