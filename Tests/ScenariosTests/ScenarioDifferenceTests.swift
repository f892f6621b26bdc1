import Foundation
import Scenarios
import StateMachines
import Testing

@Suite("Where a scenario and the engine disagree")
struct ScenarioDifferenceTests {
    private static let head = """
        scenario: A try
        clock: "2026-03-02 10:00"
        given: { partner: { payment_terms: NET30, credit_limit_cents: 1000000 } }
        steps:
          - { do: order.create, by: partner_buyer, with: { total_cents: 10000 } }

        """

    private func verdict(_ steps: String, on files: WorkflowFiles = Shipped.files) async throws -> ScenarioVerdict {
        let scenario = try Scenario.load(text: Self.head + steps, name: "try.yaml", zone: Shipped.zone)
        return try await Shipped.play(scenario, on: files)[0]
    }

    /// Whether the first difference stands in a line and says these things.
    private func differs(_ verdict: ScenarioVerdict, line: Int, expected: String, found: String) -> Bool {
        guard case .differs(let difference) = verdict else { return false }
        return difference.location.line == line && difference.expected == expected && difference.found.contains(found)
    }

    @Test("a state that is another is reported with its line")
    func state() async throws {
        let verdict = try await verdict("  - expect: { order: confirmed }")
        #expect(differs(verdict, line: 6, expected: "order: confirmed", found: "pending"), "\(verdict)")
    }

    @Test("a column that is another, or that is not there, is reported")
    func column() async throws {
        let other = try await verdict("  - expect: { order.total_cents: 9999 }")
        #expect(differs(other, line: 6, expected: "order.total_cents: 9999", found: "10000"), "\(other)")
        let none = try await verdict("  - expect: { order.colour: red }")
        #expect(differs(none, line: 6, expected: "order to have \"colour\"", found: "no such column"), "\(none)")
    }

    @Test("a refusal that does not come, and one that does, are reported")
    func refusals() async throws {
        let done = try await verdict("  - { do: order.withdraw, by: partner_buyer, refused: role }")
        #expect(differs(done, line: 6, expected: "order.withdraw to be refused: role", found: "cancelled"), "\(done)")
        let refused = try await verdict("  - { do: order.confirm, by: admin }")
        #expect(
            differs(refused, line: 6, expected: "order.confirm to be done", found: "input_missing"), "\(refused)")
    }

    @Test("a job that was not queued, and one that was, are reported")
    func jobs() async throws {
        let missing = try await verdict("  - expect_jobs: [ { notify: { about: large_order } } ]")
        #expect(
            differs(missing, line: 6, expected: "the job notify {about: large_order}", found: "no job"), "\(missing)")
        let there = try await verdict(
            """
              - { do: order.withdraw, by: partner_buyer }
              - no_jobs: [ { notify: { about: order_cancelled } } ]
            """)
        #expect(
            differs(there, line: 7, expected: "no job notify {about: order_cancelled}", found: "order_cancelled"),
            "\(there)")
    }

    @Test("a timer at another time is reported")
    func timers() async throws {
        let verdict = try await verdict("  - expect_next: { order.waiting: \"2026-03-04 10:00\" }")
        #expect(
            differs(verdict, line: 6, expected: "order.waiting: 2026-03-04 10:00", found: "2026-03-03 10:00"),
            "\(verdict)")
    }

    @Test("a task that is not open is reported")
    func tasks() async throws {
        let verdict = try await verdict("  - expect_tasks: [order_payment.refund_due]")
        #expect(
            differs(verdict, line: 6, expected: "order_payment.refund_due to be open", found: "no open task"),
            "\(verdict)")
    }

    @Test("what stands in the way is compared in full")
    func blocked() async throws {
        let verdict = try await verdict("  - expect_blocked: { move: order.confirm, by: rep, codes: [] }")
        #expect(
            differs(verdict, line: 6, expected: "order.confirm to be blocked by []", found: "[role]"), "\(verdict)")
    }

    @Test("a scenario finds the database as if none had been played before")
    func fresh() async throws {
        let scenario = try Scenario.load(
            text: Self.head + "  - expect: { order.order_number: ORD-1 }", name: "try.yaml", zone: Shipped.zone)
        #expect(try await Shipped.play(scenario, scenario) == [.passed, .passed])
    }

    @Test("files without the code's names cannot start")
    func cannotStart() async throws {
        var files = Shipped.files
        files.machines.removeAll { $0.name == "invoice" }
        guard case .cannotStart(let reasons) = try await verdict("  - expect: { order: pending }", on: files) else {
            Issue.record("it started without the machine invoice")
            return
        }
        #expect(reasons.contains { $0.contains("invoice") })
    }
}
