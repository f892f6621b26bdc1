import ArgumentParser
import Chaos
import Foundation
import UnixSignals

/// `drizzl chaos`: real processes under load, treated badly, and a verdict.
struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract:
            "Kill, stop and cut off workers, schedulers and PostgreSQL under load, and judge what the queue kept.",
        discussion: """
            Everything happens in a PostgreSQL that is made for it and removed afterwards, to processes that it starts \
            itself. With --database it happens in a new database on that server, and the server itself is left running. \
            Exits with 1 when a promise was broken.
            """)

    @Option(help: "How long jobs come and disasters happen.")
    var seconds = 60
    @Option(help: "Where chance comes from: the same seed plans the same disasters and asks for the same jobs.")
    var seed: UInt64?
    @Option(help: "How many worker processes.")
    var workers = 4
    @Option(help: "How many jobs are asked for in a second.")
    var rate = 60
    @Option(help: "The connection string of a server's superuser.")
    var database: String?
    @Flag(help: "As JSON, for programs.")
    var json = false

    func validate() throws {
        guard (10...86_400).contains(seconds) else { throw ValidationError("--seconds takes 10 to 86400.") }
        guard (3...32).contains(workers) else { throw ValidationError("--workers takes 3 to 32.") }
        guard (1...1_000).contains(rate) else { throw ValidationError("--rate takes 1 to 1000.") }
    }

    func run() async throws {
        let migrations = try Settings.current().home.appending(path: "migrations")
        let settings = ChaosSettings(
            seconds: seconds, seed: seed ?? .random(in: 1...999_999), workers: workers, rate: rate)
        let server: any ChaosServer =
            database.map { ChaosDatabase(server: $0, migrations: migrations) } ?? ChaosCluster(migrations: migrations)
        // With --json standard output is the report alone.
        let isQuiet = json
        let play = ChaosRun(
            settings, on: server, program: Self.program, now: { Date() }, say: { if !isQuiet { Drizzl.say($0) } })
        let report = try await Self.untilToldToStop { try await play.play() }
        say(json ? try report.json() : report.text)
        guard report.isGood else { throw ExitCode.failure }
    }

    /// This program, whatever it was started by.
    static var program: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// Cancels the work at Ctrl-C and SIGTERM, and waits until it has tidied up.
    private static func untilToldToStop<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let task = Task { try await work() }
        let watch = Task {
            for await _ in signals { task.cancel() }
        }
        defer { watch.cancel() }
        do {
            return try await task.value
        } catch  where task.isCancelled {
            say("Stopped before there was a verdict; everything that was started is gone.")
            throw ExitCode(130)
        }
    }
}

/// `drizzl chaos-part`: one of the processes that `drizzl chaos` starts; not for people.
struct ChaosPartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "chaos-part", shouldDisplay: false)

    func run() async throws {
        try await ChaosPart.play(.standardInput, now: { Date() })
    }
}
