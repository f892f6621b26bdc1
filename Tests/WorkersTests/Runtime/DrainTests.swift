import Database
import Foundation
import Jobs
import Testing
import Workers

/// Workers that take nothing new because somebody wishes it (O-15).
@Suite struct DrainTests {
    private func person(_ bed: RuntimeTestbed) -> JobOperator {
        JobOperator(
            pool: bed.pool, waker: bed.waker, note: OperatorNote(name: "ann", reason: "a new disk"),
            now: { [now = bed.now] in now })
    }

    private func worker(_ bed: RuntimeTestbed) async throws -> QueueWorker {
        let rows = try await bed.pool.query(Queue.workers())
        return try QueueWorker(row: try #require(rows.first))
    }

    @Test func `a drained worker ends what it runs, gives back the rest, and goes on when it may`() async throws {
        try await RuntimeTestbed.with { bed in
            let (started, mayEnd) = (Gate(), Gate())
            let handler = Doing { _ in
                started.open()
                if started.count == 20 { await mayEnd.opened() }
            }
            var settings = bed.settings
            settings.queues = [.init(concurrency: 1, prefetchLimit: 50)]
            settings.queues[0].prefetchTime = .seconds(100_000)
            // So late that only what it is told can have told it.
            settings.longestPoll = .seconds(60)
            try await bed.enqueue("do", 60)
            try await bed.working([handler], settings) {
                await started.opened(times: 20)
                try await bed.until { try await bed.count("queue.leases") >= 10 }
                let id = WorkerID(rawValue: try await worker(bed).id)
                #expect(try await person(bed).drain(id))
                try await bed.until { try await bed.count("queue.leases") == 1 }
                mayEnd.open()
                try await bed.until { try await bed.count("queue.leases") == 0 }
                let drained = try await worker(bed)
                #expect((drained.drain?.name, drained.drain?.reason) == ("ann", "a new disk"))
                // Whoever enqueues wakes it in vain.
                try await bed.enqueue("do", 5)
                #expect(started.count == 20)
                #expect(try await bed.count("queue.ready") == 45)
                #expect(try await person(bed).resume(id))
                try await bed.until {
                    let left = try await bed.count("queue.ready")
                    return try await left + bed.count("queue.leases") == 0
                }
                #expect(try await person(bed).resume(id) == false)
            }
            #expect(started.count == 65)
            #expect(try await bed.count("queue.attempts WHERE outcome <> 'succeeded'") == 0)
            let noted = try await bed.pool.query(
                "SELECT action || ' ' || scope AS deed FROM queue.operations ORDER BY id")
            #expect(try noted.map { try $0.value("deed") } == ["drain worker", "resume worker"])
        }
    }

    @Test func `a worker that starts over stays drained, and one that begins is not`() async throws {
        try await RuntimeTestbed.with { bed in
            var settings = bed.settings
            settings.heartbeat = .milliseconds(20)
            try await bed.working([Doing { _ in }], settings) {
                try await bed.until { try await bed.count("queue.workers") == 1 }
                let first = try await worker(bed).id
                #expect(try await person(bed).drain(WorkerID(rawValue: first)))
                // The next beat hears of it; then it is given up as if it had been silent.
                let before = try await worker(bed).expiresAt
                try await bed.until { try await worker(bed).expiresAt > before }
                _ = try await bed.pool.query(Queue.retire(WorkerID(rawValue: first)))
                try await bed.until { try await bed.count("queue.workers") == 1 }
                let again = try await worker(bed)
                #expect(again.id != first)
                #expect(again.drain?.reason == "a new disk")
            }
            try await bed.working([Doing { _ in }], settings) {
                try await bed.until { try await bed.count("queue.workers") == 1 }
                #expect(try await worker(bed).drain == nil)
            }
        }
    }
}
