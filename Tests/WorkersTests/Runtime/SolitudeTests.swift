import Database
import Foundation
import Jobs
import Synchronization
import Testing
import Workers

@Suite struct SolitudeTests {
    private struct Seen {
        var running: Set<JobID> = []
        var begun: Set<JobID> = []
        var beside: [JobID: Int] = [:]
    }

    @Test func `a job that was there when processes were lost runs alone, and nothing waits beside it`() async throws {
        try await RuntimeTestbed.with { bed in
            let owner = bed.owner()
            let requests = (0..<60).map { index in
                JobRequest(kind: "do", payload: JSON(text: #"{"n": 1}"#), queue: index % 2 == 0 ? "left" : "right")
            }
            let ids = try await bed.pool.query(Queue.enqueue(requests, now: bed.now))
                .map { try JobPlacement(row: $0).jobID }
            // Suspects of both queues, one after the other and apart.
            let suspects = Set([10, 11, 12, 14, 41].map { ids[$0] })
            _ = try await owner.query(
                """
                UPDATE queue.ready SET crashes = 2 WHERE job_id = ANY (\(suspects.map(\.rawValue))::bigint[])
                """)
            var settings = bed.settings
            settings.queues = [
                .init(queue: "left", concurrency: 4, prefetchLimit: 20),
                .init(queue: "right", concurrency: 4, prefetchLimit: 20),
            ]
            let seen = Mutex(Seen())
            let handler = Doing { [pool = bed.pool] context in
                let (begun, others) = seen.withLock { seen in
                    for suspect in seen.running where suspects.contains(suspect) {
                        seen.beside[suspect, default: 0] += 1
                    }
                    defer { seen.running.insert(context.id) }
                    seen.begun.insert(context.id)
                    return (seen.begun, seen.running.count)
                }
                defer { _ = seen.withLock { $0.running.remove(context.id) } }
                guard suspects.contains(context.id) else {
                    try await Task.sleep(for: .milliseconds(2))
                    return
                }
                // Those that have ended may still be about to be recorded.
                let held: Int =
                    try await pool.query(
                        """
                        SELECT count(*) AS n FROM queue.leases
                        WHERE NOT job_id = ANY (\(begun.map(\.rawValue))::bigint[])
                        """
                    ).first?.value("n") ?? -1
                seen.withLock { $0.beside[context.id, default: 0] += others + held }
            }
            try await bed.working([handler], settings) {
                try await bed.until { try await bed.count("queue.attempts WHERE outcome = 'succeeded'") >= ids.count }
            }
            #expect(seen.withLock(\.beside) == Dictionary(uniqueKeysWithValues: suspects.map { ($0, 0) }))
            #expect(try await bed.count("queue.attempts") == ids.count)
            #expect(try await bed.count("queue.leases") == 0)
            await owner.close()
        }
    }

    @Test func `a job that runs alone does not wait for a queue that has nothing to do`() async throws {
        try await RuntimeTestbed.with { bed in
            let owner = bed.owner()
            let id = try await bed.enqueue("do")[0]
            _ = try await owner.query("UPDATE queue.ready SET crashes = 2")
            var settings = bed.settings
            settings.queues = [.init(concurrency: 2), .init(queue: "idle", concurrency: 2)]
            (settings.shortestPoll, settings.longestPoll) = (.seconds(300), .seconds(300))
            try await bed.working([Doing { _ in }], settings) {
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(finished.summary.attempts == 1)
            }
            await owner.close()
        }
    }
}
