import Foundation
import Scenarios
import StateMachines
import Testing

@Suite("Reading scenarios")
struct ScenarioReadingTests {
    private static let head = """
        scenario: A try
        clock: "2026-03-02 10:00"
        steps:

        """

    private func faults(_ steps: String) -> [String] {
        do {
            let scenario = try Scenario.load(text: Self.head + steps, name: "try.yaml", zone: Shipped.zone)
            return scenario.unknownNames(in: Shipped.files).map(\.description)
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test("every shipped scenario is read, and knows whom it names", arguments: Shipped.scenarios)
    func shipped(name: String) throws {
        let scenario = try Shipped.scenario(name)
        #expect(scenario.unknownNames(in: Shipped.files).isEmpty)
        #expect(!scenario.title.isEmpty)
        #expect(!scenario.covers.isEmpty)
    }

    @Test("an unknown step is refused with its line and what was meant")
    func unknownStep() {
        #expect(
            faults("  - { expects: { order: pending } }")
                == ["try.yaml:4:7: W000 there is no step \"expects\"; do you mean \"expect\"?"])
    }

    @Test("a key that the step does not have is refused")
    func unknownKey() {
        #expect(
            faults("  - { do: order.create, by: admin, withs: { total_cents: 1 } }")
                == ["try.yaml:4:36: W000 the step has no key \"withs\"; do you mean \"with\"?"])
    }

    @Test("a record that nobody has named is refused with its line")
    func unknownRecord() {
        let found = faults(
            """
              - { do: order.create, by: admin, with: { total_cents: 1 }, as: first }
              - { do: frist.confirm, by: admin }
              - expect: { invoice of second: pending }
            """)
        #expect(
            found == [
                "try.yaml:5:11: W000 no record is called \"frist\" here, and no machine; do you mean \"first\"?",
                "try.yaml:6:15: W000 no record is called \"second\" here, and no machine",
            ])
    }

    @Test("an unknown role is refused")
    func unknownRole() {
        #expect(
            faults("  - { do: order.create, by: admni, with: { total_cents: 1 } }")
                == ["try.yaml:4:29: W000 there is no role \"admni\"; do you mean \"admin\"?"])
    }

    @Test("a time that is none is refused")
    func badTime() {
        #expect(
            faults("  - advance_to: \"2026-03-02 25:00\"")
                == ["try.yaml:4:17: W000 advance_to is \"2026-03-02 25:00\"; write \"2026-03-02 10:00\", company time"])
        #expect(faults("  - expect_next: { invoice.late_fee: soon }").count == 1)
    }

    @Test("a step that is two at once is refused")
    func twoSteps() {
        #expect(faults("  - { do: order.create, by: admin, expect: { order: pending } }").count == 1)
    }

    @Test("a target without a move is refused")
    func noMove() {
        #expect(
            faults("  - { do: order, by: admin }")
                == ["try.yaml:4:11: W000 \"order\" names no record with a move: \"first.confirm\""])
    }
}
