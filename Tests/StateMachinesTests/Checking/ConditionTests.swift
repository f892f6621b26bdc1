import Testing

@testable import StateMachines

@Suite struct ConditionTests {
    @Test func `not binds before and, and before or`() throws {
        let read = try Condition(parsing: "held or not stock and (prepaid or order is one of open, late)")
        let inner = Condition.any([.word("prepaid"), .machine("order", in: ["open", "late"])])
        #expect(read == .any([.word("held"), .all([.not(.word("stock")), inner])]))
        #expect(try Condition(parsing: "not not lead is absent") == .machine("lead", in: ["absent"]))
    }

    @Test(arguments: [
        "", "and", "a or", "a b", "not", "(a", "a)", "a is", "a is one", "a is one of", "a is one of b,", "a, b",
        "A is b",
        "a is not b", "a > b", String(repeating: "(", count: 5_000),
    ]) func `what is no condition is refused`(text: String) {
        #expect(throws: Condition.Unreadable.self) { try Condition(parsing: text) }
    }
}
