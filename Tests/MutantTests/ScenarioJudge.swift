import Foundation
import Mutations
import Scenarios
import StateMachines

/// Plays the shipped scenarios on files with one mistake, until one of them notices.
struct ScenarioJudge: Sendable {
    /// Why a test cannot play.
    struct Unavailable: Error {}

    private let texts: [String: String]
    private let scenarios: [(name: String, text: String, scenario: Scenario)]
    private let server: String

    init(texts: [String: String]) throws {
        guard let server = ProcessInfo.processInfo.environment["DRIZZL_TEST_DATABASE_URL"] else { throw Unavailable() }
        (self.texts, self.server) = (texts, server)
        let folder = shippedWorkflows.appending(path: "scenarios")
        let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
        scenarios = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".yaml") }
            .map { name in
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                return (name, text, try Scenario.load(text: text, name: name, zone: zone))
            }
    }

    /// Who noticed each mutant: a scenario, or the engine's start; nil: nobody.
    ///
    /// - Returns: The verdicts in the order of the mutants.
    @concurrent func verdicts(of mutants: [Mutant]) async throws -> [String?] {
        let width = ProcessInfo.processInfo.activeProcessorCount * 2
        let migrations = shippedWorkflows.appending(path: "../migrations").standardizedFileURL
        let runner = ScenarioRunner(server: server, migrations: migrations)
        let verdicts = try await withThrowingTaskGroup(of: [(Int, String?)].self) { group in
            for lane in 0..<width {
                group.addTask {
                    var own: [(Int, String?)] = []
                    for index in stride(from: lane, to: mutants.count, by: width) {
                        own.append((index, try await verdict(of: mutants[index], by: runner)))
                    }
                    return own
                }
            }
            var verdicts = [String?](repeating: nil, count: mutants.count)
            for try await lane in group { for (index, verdict) in lane { verdicts[index] = verdict } }
            return verdicts
        }
        await runner.close()
        return verdicts
    }

    private func verdict(of mutant: Mutant, by runner: ScenarioRunner) async throws -> String? {
        var changed = texts
        changed[mutant.file] = mutant.text
        let files = WorkflowFiles.load(texts: changed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }).files
        for (name, _, scenario) in ordered(for: mutant.machine) {
            switch try await runner.run(files: files, scenario) {
            case .passed: continue
            case .differs: return name
            case .cannotStart: return "does not start"
            }
        }
        return nil
    }

    /// Those that speak most of the machine first, for they notice soonest.
    private func ordered(for machine: String) -> [(name: String, text: String, scenario: Scenario)] {
        scenarios.map { ($0, $0.text.components(separatedBy: machine).count) }
            .sorted { ($0.1, $1.0.name) > ($1.1, $0.0.name) }.map(\.0)
    }
}
