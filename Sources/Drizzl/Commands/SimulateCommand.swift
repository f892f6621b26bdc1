import ArgumentParser
import Database
import Foundation
import Scenarios
import StateMachines

/// `drizzl workflows simulate`: plays scenarios on the real engine with a moved clock.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Play scenarios on the real engine; exits with 1 when one goes otherwise.",
        discussion: """
            Each scenario gets a database of its own, which is dropped afterwards: on the server of --database or \
            DATABASE_URL when that is its superuser's, else on a PostgreSQL that is started for it and thrown away.
            """)

    @Argument(help: "The scenario files.")
    var files: [String]
    @Option(help: "The folder of the lifecycle files.")
    var workflows = "workflows"
    @Option(help: "The connection string of a server's superuser.")
    var database: String?

    func run() async throws {
        let settings = try Settings.current()
        let (scenarios, faults) = read(settings)
        for fault in faults { say(fault) }
        let lifecycles: WorkflowFiles
        do {
            lifecycles = try WorkflowFiles.checked(in: URL(fileURLWithPath: workflows))
        } catch let faults as WorkflowFaults {
            say("\(faults)")
            throw ExitCode.failure
        }
        let isGood = try await withServer(settings) { server in
            let runner = ScenarioRunner(server: server, migrations: settings.home.appending(path: "migrations"))
            do {
                let isGood = try await play(scenarios, on: lifecycles, with: runner)
                await runner.close()
                return isGood
            } catch {
                await runner.close()
                throw error
            }
        }
        guard isGood, faults.isEmpty else { throw ExitCode.failure }
    }

    private func read(_ settings: Settings) -> (scenarios: [Scenario], faults: [String]) {
        var scenarios: [Scenario] = []
        var faults: [String] = []
        for file in files {
            do {
                scenarios.append(try Scenario.load(URL(fileURLWithPath: file), zone: settings.companyZone))
            } catch {
                faults.append("\(error)")
            }
        }
        return (scenarios, faults)
    }

    /// How many are played at once: enough to keep the processors busy while the server writes.
    private static let atOnce = 4

    private func play(
        _ scenarios: [Scenario], on files: WorkflowFiles, with runner: ScenarioRunner
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: (Int, ScenarioVerdict).self) { group in
            var verdicts: [ScenarioVerdict?] = Array(repeating: nil, count: scenarios.count)
            var (next, shown, isGood) = (0, 0, true)
            func add() {
                guard next < scenarios.count else { return }
                let (number, scenario) = (next, scenarios[next])
                next += 1
                group.addTask { (number, try await runner.run(files: files, scenario)) }
            }
            for _ in 0..<Self.atOnce { add() }
            while let (number, verdict) = try await group.next() {
                verdicts[number] = verdict
                if verdict != .passed { isGood = false }
                add()
                // In the order in which they were asked for, whichever ends first.
                while shown < scenarios.count, let verdict = verdicts[shown] {
                    say(Self.line(scenarios[shown], verdict))
                    shown += 1
                }
            }
            return isGood
        }
    }

    private static func line(_ scenario: Scenario, _ verdict: ScenarioVerdict) -> String {
        switch verdict {
        case .passed: "\(scenario.file): passed: \(scenario.title)"
        case .differs(let difference): "\(difference)"
        case .cannotStart(let faults): faults.joined(separator: "\n")
        }
    }

    /// Lends a server on which databases may be made.
    private func withServer<Value: Sendable>(
        _ settings: Settings, _ body: (String) async throws -> Value
    ) async throws -> Value {
        if let database { return try await body(database) }
        if let url = settings.databaseURL, await Self.isSuperuser(url) { return try await body(url) }
        let directory = FileManager.default.temporaryDirectory.appending(path: "drizzl-simulate-\(UUID().uuidString)")
        let cluster = PrivateCluster(directory: directory.path)
        let running = try cluster.start()
        do {
            let value = try await body(running.superuserURL)
            try cluster.remove()
            return value
        } catch {
            try? cluster.remove()
            throw error
        }
    }

    private static func isSuperuser(_ url: String) async -> Bool {
        let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        let rows = try? await pool.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        await pool.close()
        return (try? rows?.first?.value("rolsuper", as: Bool.self)) ?? false
    }
}
