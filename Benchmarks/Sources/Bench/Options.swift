import ArgumentParser
import Database
import Jobs

/// The queue beside its limit, on one server, in turns.
@main
struct Options: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Bench",
        abstract: "Measures the queue beside pgbench with the same statements, in turns, and prints the ratios.",
        discussion: "Makes a database on the server and drops it. Needs a server on this machine, and pgbench.")

    @Argument(help: "The connection string of a superuser.")
    var server = ""
    @Option(help: "Only these cases, parted by commas.")
    var only = ""
    @Option(help: "How often product and limit take turns.")
    var rounds = 3
    @Option(help: "How many jobs are drained in a round; a multiple of the batch.")
    var jobs = 100_000
    @Option(help: "How many jobs a claim takes at most.")
    var batch = 500
    @Option(help: "How many jobs a process runs at once.")
    var concurrency = 100
    @Option(help: "How many clients enqueue one by one.")
    var clients = 4
    @Option(help: "How many bytes of text a job carries.")
    var bytes = 200
    @Option(help: "How many jobs are waited for one by one.")
    var pickups = 500
    @Flag(help: "As JSON, for programs.")
    var json = false
    @Option(help: .hidden)
    var work: String?
    @Option(help: .hidden)
    var prefetch = 500

    /// What a job carries.
    func payload(_ n: Int) -> String { #"{"n": \#(n), "text": "\#(String(repeating: "x", count: bytes))"}"# }

    /// A job that does nothing.
    @Sendable func request(_ n: Int) -> JobRequest { JobRequest(kind: NoOp.kind, payload: JSON(text: payload(n))) }

    func run() async throws {
        if let work { return try await NoOpWorker(url: work, concurrency: concurrency, prefetch: prefetch).work() }
        guard !server.isEmpty else { throw ValidationError("Name a server.") }
        try await Ground.with(server) { ground in
            var cases = Cases(ground: ground, options: self)
            let wanted = only.isEmpty ? Cases.names : only.split(separator: ",").map(String.init)
            var measures: [Measure] = []
            for name in wanted {
                for measure in try await cases.run(name) {
                    if !json { print(measure.line) }
                    measures.append(measure)
                }
            }
            if json { print(try Report(measures).text()) }
        }
    }
}
