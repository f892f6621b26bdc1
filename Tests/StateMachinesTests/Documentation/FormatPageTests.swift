import Foundation
import StateMachines
import Testing

@Suite struct FormatPageTests {
    private let admin = Actor(kind: .admin, role: "admin", permissions: ["samples.send"])
    private let rep = Actor(kind: .salesRep, id: UUID(), role: "rep")

    @Test func `the example on the page is complete and has no fault`() throws {
        let files = try FormatPage.files()
        #expect(files.map(\.name) == ["sample.yaml", "vocabulary.yaml"])
        #expect(CheckReport(WorkflowFiles.load(texts: files)).text() == "1 machine, no error\n")
    }

    @Test func `every name of the example has its code`() throws {
        let machine = try decider().machine
        #expect(Set(machine.guardWords.map(\.text)) == Set(FormatPage.rules.guards.keys))
        #expect(Set(machine.applyWords.map(\.text)) == Set(FormatPage.rules.applies.keys))
    }

    @Test func `a sample lives through the example from request to verdict`() throws {
        let decider = try decider()
        let made = try change(decider.create(request("create", by: rep), id: UUID(), facts: .init()))
        #expect(made.standing.state == "requested")
        let sent = try change(decider.decide(request("send", by: admin), on: made.standing, facts: made.facts))
        #expect(sent.standing.state == "sent")
        #expect(sent.facts.boxesLeft == 0)
        #expect(sent.facts.sentOn != nil)
        #expect(sent.events.flatMap(\.jobs).map { $0.parameter("about") } == ["sample_sent"])
        let verdict = request("taste", by: rep, ["verdict": "liked"])
        let tasted = try change(decider.decide(verdict, on: sent.standing, facts: sent.facts))
        #expect(tasted.standing.state == "tasted")
        #expect(tasted.events.flatMap(\.closes) == ["ask_again"])
        let wrong = request("wrong_box", by: rep, ["reason": "It was the mango"])
        let undone = try change(decider.decide(wrong, on: tasted.standing, facts: tasted.facts))
        #expect(undone.standing.state == "sent")
        #expect(undone.facts.verdict == nil)
    }

    @Test func `the example refuses in the words that it says`() throws {
        let standing = RecordStanding(id: UUID(), state: "requested", seq: 1, since: now)
        let decision = try decider().decide(request("send", by: admin), on: standing, facts: .init(boxesLeft: 0))
        guard case .refused(let refusal) = decision else { throw Unexpected() }
        #expect(refusal.reasons.map(\.message) == ["The freezer has 0 boxes."])
        #expect(try decider().decide(request("send", by: rep), on: standing, facts: .init()).codes == ["role"])
    }

    private let now = VisitBed.time("2026-03-02T18:00:00Z")

    private func decider() throws -> Decider<FormatPage.Facts> {
        let files = WorkflowFiles.load(texts: try FormatPage.files()).files
        return Decider(
            machine: try #require(files.machine(named: "sample")), vocabulary: files.vocabulary,
            rules: FormatPage.rules, calendar: CompanyCalendar(zone: .gmt))
    }

    private func request(_ move: String, by actor: Actor, _ inputs: [String: JSONValue] = [:]) -> MoveRequest {
        MoveRequest(move: move, inputs: inputs, actor: actor, now: now)
    }

    private func change(_ decision: Decision<FormatPage.Facts>) throws -> Change<FormatPage.Facts> {
        if case .refused(let refusal) = decision { Issue.record("refused: \(refusal.codes)") }
        return try #require(decision.change)
    }

    struct Unexpected: Error {}
}
