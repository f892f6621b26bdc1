import Foundation
import Scenarios
import StateMachines
import TestSupport
import Testing

/// What the tests share: the project's files, read once.
enum Shipped {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    static let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
    static let scenarios: [String] = {
        let folder = root.appending(path: "workflows/scenarios").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    static func scenario(_ name: String) throws -> Scenario {
        try Scenario.load(root.appending(path: "workflows/scenarios/\(name)"), zone: zone)
    }

    static func play(_ scenarios: Scenario..., on files: WorkflowFiles = files) async throws -> [ScenarioVerdict] {
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let lane = try await ScenarioLane(url: url)
            var verdicts: [ScenarioVerdict] = []
            do {
                for scenario in scenarios { verdicts.append(try await lane.play(scenario, on: files)) }
                await lane.close()
                return verdicts
            } catch {
                await lane.close()
                throw error
            }
        }
    }
}

@Suite("The shipped scenarios")
struct ShippedScenarioTests {
    @Test("there are the twenty of the specification")
    func count() {
        #expect(Shipped.scenarios.count >= 20)
    }

    @Test("a scenario goes as it says", arguments: Shipped.scenarios)
    func passes(name: String) async throws {
        let verdict = try await Shipped.play(Shipped.scenario(name))
        #expect(verdict == [.passed], "\(verdict)")
    }
}
