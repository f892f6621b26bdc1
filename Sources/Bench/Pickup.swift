import Database
import Foundation
import Jobs
import Synchronization
import Workers

/// How soon an idle worker begins a job that another process has enqueued.
struct Pickup {
    let ground: Ground
    let settings: BenchSettings

    /// When each job was begun.
    private final class Begun: Sendable {
        let moments = Mutex<[Int: ContinuousClock.Instant]>([:])
    }

    private struct Watched: JobHandler {
        typealias Payload = NoOp
        let begun: Begun
        let retry = RetryPolicy.network
        let timeLimit = Duration.seconds(60)

        func run(_ job: NoOp, in context: JobContext) async throws {
            let now = ContinuousClock.now
            begun.moments.withLock { $0[job.n] = now }
        }
    }

    /// Milliseconds from the commit to the handler, one job every 20 ms: median and 99th percentile.
    func run() async throws -> [Measure] {
        try await ground.clear()
        let begun = Begun()
        let runtime = try NoOpWorker(url: ground.url, concurrency: 8, batch: 100, now: ground.now)
            .runtime([Watched(begun: begun)])
        // Another waker than the worker's: it hears of the jobs over the server, as from another process.
        let waker = QueueWaker(pool: ground.pool)
        let work = Task { try await runtime.run() }
        var committed: [ContinuousClock.Instant] = []
        // The first is not counted: it waits for the worker to be there.
        for n in 0...settings.pickups {
            let placed = try await ground.pool.run { session in
                let rows = try session.query(Queue.enqueue([settings.request(n)], now: ground.now()))
                return try rows.map { row throws(DatabaseError) in try JobPlacement(row: row) }
            }
            committed.append(.now)
            waker.wake(placed)
            if n == 0 { while try await ground.isBusy() { try await Task.sleep(for: .milliseconds(20)) } }
            try await Task.sleep(for: .milliseconds(20))
        }
        while try await ground.isBusy() { try await Task.sleep(for: .milliseconds(20)) }
        work.cancel()
        try await work.value
        let moments = begun.moments.withLock { $0 }
        let waits = (1...settings.pickups).compactMap { n in
            moments[n].map { ($0 - committed[n]) / .milliseconds(1) }
        }.sorted()
        guard waits.count == settings.pickups else { throw BenchFailure("jobs were not begun") }
        var median = Measure("pickup_p50_ms", "ms")
        median.product = [waits[waits.count / 2]]
        var late = Measure("pickup_p99_ms", "ms")
        late.product = [waits[waits.count * 99 / 100]]
        return [median, late]
    }
}
