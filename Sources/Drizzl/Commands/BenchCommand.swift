import ArgumentParser
import Bench
import Chaos
import Database
import Foundation

/// `drizzl bench`: the product beside what the server gives to a client that does nothing else.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measure queue and lifecycles beside pgbench with the same statements, in turns, and print the ratios.",
        discussion: """
            Everything happens in a PostgreSQL that is made for it and removed afterwards; with --database, in a new \
            database on that server, which has to be on this machine. Needs pgbench. The cases: \
            \(Bench.cases.joined(separator: ", ")).
            """)

    @Option(help: "The connection string of a server's superuser.")
    var database: String?
    @Option(help: "Only these cases, parted by commas.")
    var only = ""
    @Option(help: "How often product and limit take turns.")
    var rounds = BenchSettings().rounds
    @Option(help: "How many jobs are drained in a round; a multiple of the batch.")
    var jobs = BenchSettings().jobs
    @Option(help: "How many jobs a claim takes at most.")
    var batch = BenchSettings().batch
    @Option(help: "How many jobs a process runs at once.")
    var concurrency = BenchSettings().concurrency
    @Option(help: "How many bytes of text a job carries.")
    var bytes = BenchSettings().bytes
    @Option(help: "How many jobs are waited for one by one.")
    var pickups = BenchSettings().pickups
    @Option(help: "How many moves are made in a round.")
    var moves = BenchSettings().moves
    @Option(help: "How many jobs lie finished in the big tables, and how many are due later.")
    var others = BenchSettings().others
    @Flag(help: "As JSON, for programs.")
    var json = false
    @Option(help: .hidden)
    var work: String?

    func validate() throws {
        for (name, value) in [
            ("rounds", rounds), ("jobs", jobs), ("batch", batch), ("concurrency", concurrency), ("bytes", bytes),
            ("pickups", pickups), ("moves", moves), ("others", others),
        ] where value < 1 { throw ValidationError("--\(name) takes 1 or more.") }
        guard jobs % batch == 0 else { throw ValidationError("--jobs has to be a multiple of --batch.") }
        let unknown = names.filter { !Bench.cases.contains($0) }
        guard unknown.isEmpty else {
            throw ValidationError(
                "There is no case \(unknown.joined(separator: ", ")). There are: \(Bench.cases.joined(separator: ", "))."
            )
        }
    }

    func run() async throws {
        if let work {
            return try await NoOpWorker(url: work, concurrency: concurrency, batch: batch, now: { Date() }).work()
        }
        let home = try Settings.current().home
        let migrations = home.appending(path: "migrations")
        let server: any ChaosServer =
            database.map { ChaosDatabase(server: $0, migrations: migrations) } ?? ChaosCluster(migrations: migrations)
        let outcome: Result<[Measure], any Error>
        do {
            let url = try await server.prepare()
            outcome = .success(try await measure(url, workflows: home.appending(path: "workflows")))
        } catch { outcome = .failure(error) }
        try await server.remove()
        let measures = try outcome.get()
        if json { say(try BenchReport(measures).text()) }
    }

    private func measure(_ url: String, workflows: URL) async throws -> [Measure] {
        var bench = Bench(
            url: url, program: ChaosCommand.program, workflows: workflows, settings: settings, now: { Date() })
        let outcome: Result<[Measure], any Error>
        do {
            var measures: [Measure] = []
            for name in names {
                for measure in try await bench.run(name) {
                    if !json { say(measure.line) }
                    measures.append(measure)
                }
            }
            outcome = .success(measures)
        } catch { outcome = .failure(error) }
        await bench.close()
        return try outcome.get()
    }

    private var names: [String] {
        only.isEmpty ? Bench.cases : only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private var settings: BenchSettings {
        var settings = BenchSettings()
        (settings.rounds, settings.jobs, settings.batch) = (rounds, jobs, batch)
        (settings.concurrency, settings.bytes, settings.pickups) = (concurrency, bytes, pickups)
        (settings.moves, settings.others) = (moves, others)
        return settings
    }
}
