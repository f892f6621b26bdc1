import Database
import Jobs

/// How much is measured, and how often.
package struct BenchSettings: Sendable {
    /// How often product and limit take turns.
    package var rounds = 3
    /// How many jobs are drained in a round; a multiple of the batch.
    package var jobs = 100_000
    /// How many jobs a claim takes at most.
    package var batch = 500
    /// How many jobs a process runs at once.
    package var concurrency = 100
    /// How many clients enqueue one by one.
    package var clients = 4
    /// How many bytes of text a job carries.
    package var bytes = 200
    /// How many jobs are waited for one by one.
    package var pickups = 500
    /// How many moves are made in a round.
    package var moves = 8_000
    /// How many jobs lie finished in the big tables, and how many are due later.
    package var others = 1_000_000
    /// Begins with what the figures in `docs/performance.md` were measured with.
    package init() {}

    /// What a job carries.
    func payload(_ n: Int) -> String { #"{"n": \#(n), "text": "\#(String(repeating: "x", count: bytes))"}"# }

    /// A job that does nothing.
    @Sendable func request(_ n: Int) -> JobRequest { JobRequest(kind: NoOp.kind, payload: JSON(text: payload(n))) }
}
