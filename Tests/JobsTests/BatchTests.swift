import Database
import Foundation
import Jobs
import Testing

@Suite struct BatchTests {
    @Test func `the callback is enqueued when all have ended, well or not, with exact counts`() async throws {
        try await Testbed.with { bed in
            var callback = bed.request("report", key: "once")
            callback.subject = JobSubject(machine: "invoice", recordID: UUID())
            let batch = try await bed.open(callback)
            let ids = try await bed.enqueue((0..<4).map { _ in bed.request(in: batch) }).map(\.jobID)
            let jobs = try await bed.claim(3, by: try await bed.worker())
            try await bed.finish(Queue.complete([jobs[0].lease], notes: [nil]))
            try await bed.finish(Queue.bury(jobs[1].lease, because: .discarded, reason: "x"))
            try await bed.finish(Queue.cancel(jobs[2].lease, reason: "x"))
            #expect(try await bed.close() == 0)
            _ = try await bed.pool.query(Queue.seal(batch))
            #expect(try await bed.close() == 0)
            try await bed.cancel([ids[3]])
            let open = try await bed.state(of: batch)
            #expect((open.total, open.succeeded, open.dead, open.cancelled) == (4, 1, 1, 2))
            #expect(try await bed.close() == 1)
            #expect(try await bed.close() == 0)
            let closed = try await bed.state(of: batch)
            #expect((closed.total, closed.succeeded, closed.dead, closed.cancelled) == (4, 1, 1, 2))
            #expect(closed.closedAt != nil)
            let report = try #require(try await bed.claim(9, by: try await bed.worker()).first)
            #expect((report.kind, report.subject) == ("report", callback.subject))
        }
    }

    @Test func `an empty batch is closed when it is sealed`() async throws {
        try await Testbed.with { bed in
            let batch = try await bed.open(bed.request("report"))
            _ = try await bed.pool.query(Queue.seal(batch))
            #expect(try await bed.close() == 1)
            #expect(try await bed.count("queue.ready") == 1)
        }
    }

    @Test func `nothing joins a batch that is sealed or unknown`() async throws {
        try await Testbed.with { bed in
            let batch = try await bed.open(nil)
            _ = try await bed.pool.query(Queue.seal(batch))
            for wrong in [batch, BatchID(rawValue: 4_711)] {
                let requests = [bed.request(), bed.request(in: wrong)]
                let error = await #expect(throws: DatabaseError.self) { try await bed.enqueue(requests) }
                #expect(error?.sqlState == Queue.sealedState)
                #expect(error?.message.contains("no jobs can be added to the batch \(wrong)") == true)
            }
            let jobs = try await bed.count("queue.jobs")
            #expect(jobs == 0)
        }
    }

    @Test func `sealing waits for who is adding, and the batch for what was added`() async throws {
        try await Testbed.with { bed in
            let batch = try await bed.open(bed.request("report"))
            let (added, hasAdded) = AsyncStream.makeStream(of: Void.self)
            let adding = Task {
                try await bed.pool.run { session in
                    try session.begin(with: [Queue.enqueue([bed.request(in: batch)], now: bed.now)])
                    hasAdded.finish()
                    while try session.query("SELECT FROM pg_locks WHERE NOT granted").isEmpty {}
                    try session.commit()
                }
            }
            for await _ in added {}
            _ = try await bed.pool.query(Queue.seal(batch))
            try await adding.value
            #expect(try await bed.close() == 0)
            #expect(try await bed.state(of: batch).total == 1)
        }
    }

    @Test func `finishes, counting and closing at once enqueue each callback once`() async throws {
        try await Testbed.with(connections: 8) { bed in
            var batches: [BatchID] = []
            for _ in 0..<6 {
                let batch = try await bed.open(bed.request("report"))
                try await bed.enqueue((0..<20).map { _ in bed.request(in: batch) })
                batches.append(batch)
            }
            let all = batches
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let worker = try await bed.worker()
                        while try await bed.count("queue.attempts WHERE outcome = 'succeeded'") < 126 {
                            for job in try await bed.claim(4, by: worker) {
                                // Jobs of a batch may add others to it, or find it sealed.
                                if job.kind == "noop", job.id.rawValue % 7 == 0 {
                                    _ = try? await bed.enqueue([bed.request("more", in: all[0])])
                                }
                                try await bed.finish(Queue.complete([job.lease], notes: [nil]))
                            }
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        while try await bed.count("queue.batches WHERE closed_at IS NOT NULL") < 6 {
                            _ = try await bed.pool.query(Queue.foldBatches(limit: 5))
                            // As a duty that is killed before it commits.
                            _ = try? await bed.pool.run { session in
                                try session.begin(with: ["UPDATE queue.batches SET closed_at = now() WHERE false"])
                                try session.execute(Queue.foldBatches(limit: 3))
                                try session.rollback()
                            }
                            try await bed.close()
                        }
                    }
                }
                group.addTask { for batch in all { _ = try await bed.pool.query(Queue.seal(batch)) } }
                try await group.waitForAll()
            }
            for batch in batches {
                let state = try await bed.state(of: batch)
                #expect(state.total == state.succeeded)
                #expect(state.total >= 20)
            }
            #expect(try await bed.count("queue.jobs WHERE kind = 'report'") == 6)
        }
    }
}

extension Testbed {
    func open(_ callback: JobRequest?) async throws -> BatchID {
        let row = try await pool.query(try Queue.openBatch(callback: callback)).first
        return BatchID(rawValue: try row?.value("id") ?? 0)
    }

    func request(_ kind: String = "noop", in batch: BatchID) -> JobRequest {
        var request = request(kind)
        request.batch = batch
        return request
    }

    func state(of batch: BatchID) async throws -> JobBatch {
        struct NoBatch: Error {}
        guard let row = try await pool.query(Queue.batch(batch)).first else { throw NoBatch() }
        return try JobBatch(row: row)
    }

    /// Counts and closes, as the duty does; how many were closed.
    @discardableResult
    func close() async throws -> Int {
        _ = try await pool.query(Queue.foldBatches(limit: 1_000))
        return try await pool.run { session in try Queue.closeBatches(now: now, limit: 10, in: session).closed }
    }
}
