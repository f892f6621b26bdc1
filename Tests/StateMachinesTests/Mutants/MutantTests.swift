import Foundation
import Mutations
import Testing

@testable import StateMachines

@Suite struct MutantTests {
    @Test func `one mistake at a time in the shipped files does not pass the checks`() async throws {
        let judge = try MutantJudge(directory: shippedWorkflows)
        let mutants = try Mutant.all(of: judge.texts)
        let began = ContinuousClock.now
        let table = MutantTable(mutants, await judge.verdicts(of: mutants))
        print(table.text)
        print("in \(ContinuousClock.now - began)")

        #expect(mutants.count >= 1_500)
        #expect(Set(mutants.map(\.kind)) == Set(Mutant.Kind.allCases), "a kind has no mutant")
        #expect(table.percentage { $0.mustBeNoticed } == 100)
        #expect(table.percentage() >= 92)
    }

    @Test func `the mutants are the same each time, and each has a name of its own`() throws {
        let texts = try MutantJudge(directory: shippedWorkflows).texts
        let mutants = try Mutant.all(of: texts)
        #expect(mutants.map(\.text) == (try Mutant.all(of: texts)).map(\.text))
        let names = Dictionary(grouping: mutants, by: \.name).filter { $1.count > 1 }.keys.sorted()
        #expect(names == [])
    }

    @Test func `a file that is written down without a mistake means what it meant`() throws {
        let judge = try MutantJudge(directory: shippedWorkflows)
        let texts = try Mutant.unchanged(judge.texts)
        #expect(texts.count == 12)
        let loaded = WorkflowFiles.load(texts: judge.texts.merging(texts) { $1 }.map { ($0.key, $0.value) })
        #expect(CheckReport(loaded).faults.map(\.description) == [])
    }
}
