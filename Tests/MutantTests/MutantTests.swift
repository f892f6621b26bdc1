import Foundation
import Mutations
import StateMachines
import Testing

/// The shipped lifecycle files.
let shippedWorkflows = URL(filePath: #filePath).appending(path: "../../../workflows").standardizedFileURL

@Suite(.serialized) struct MutantTests {
    /// Judged once for all tests: it takes a minute.
    private static let judged = Task {
        let judge = try MutantJudge(directory: shippedWorkflows)
        let mutants = try Mutant.all(of: judge.texts)
        return MutantTable(mutants, await judge.verdicts(of: mutants))
    }

    @Test func `one mistake at a time in the shipped files does not pass the checks`() async throws {
        let table = try await Self.judged.value
        print(table.text)

        #expect(table.count >= 1_500)
        #expect(table.kinds == Set(Mutant.Kind.allCases), "a kind has no mutant")
        #expect(table.percentage { $0.mustBeNoticed } == 100)
        #expect(table.percentage() >= 92)
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["DRIZZL_TEST_MUTANT_SCENARIOS"] != nil,
            "plays some thousand scenarios; `make mutants` runs it"))
    func `what passes the checks does not pass the scenarios`() async throws {
        let table = try await Self.judged.value
        let judge = try MutantJudge(directory: shippedWorkflows)
        let players = try ScenarioJudge(texts: judge.texts)
        let verdicts = try await players.verdicts(of: table.missed)
        let missed = zip(table.missed, verdicts).filter { $0.1 == nil }.map(\.0)
        for (mutant, verdict) in zip(table.missed, verdicts) { print("\(verdict ?? "missed"): \(mutant.name)") }
        let noticed = 100 * Double(table.count - missed.count) / Double(table.count)
        print("\(table.count) mutants, \(table.missed.count) passed the checks, \(missed.count) passed everything")
        print("noticed by checks and scenarios: \((100 * noticed).rounded() / 100) %")
        #expect(noticed >= 98)
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
