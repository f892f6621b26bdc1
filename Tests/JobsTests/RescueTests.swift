import Database
import Foundation
import Jobs
import Testing

@Suite struct RescueTests {
    @Test func `a worker that no longer beats is given up and its jobs go back`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(3)
            let (lost, alive) = (try await bed.worker(life: .seconds(-1)), try await bed.worker())
            let lostJobs = try await bed.claim(2, by: lost)
            let aliveJobs = try await bed.claim(1, by: alive)
            #expect(try await bed.ids(Queue.rescue(limit: 10)).isEmpty)
            let reaped = try await bed.pool.query(Queue.reap())
            #expect(try reaped.map { try $0.value("id", as: Int64.self) } == [lost.rawValue])
            #expect(Set(try await bed.ids(Queue.rescue(limit: 10))) == Set(ids[0..<2]))
            #expect(try await bed.ids(Queue.rescue(limit: 10)).isEmpty)

            // The one that was given up learns it, and changes nothing any more.
            #expect(try await bed.pool.query(Queue.beat(lost, life: .seconds(20))).isEmpty)
            #expect(try await bed.ids(Queue.complete(lostJobs.map(\.lease), notes: [nil, nil])).isEmpty)
            #expect(try await bed.ids(Queue.complete(aliveJobs.map(\.lease), notes: [nil])) == [ids[2]])
            let again = try await bed.claim(3, by: alive)
            #expect(again.map(\.id) == Array(ids[0..<2]))
            #expect(again.map(\.attempt) == [1, 1])
            #expect(again.map(\.crashes) == [1, 1])
        }
    }

    @Test func `a worker that claims after it was given up loses that lease too`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1)
            let zombie = try await bed.worker(life: .seconds(-1))
            _ = try await bed.pool.query(Queue.reap())
            let lease = try #require(try await bed.claim(1, by: zombie).first).lease
            #expect(try await bed.ids(Queue.rescue(limit: 10)) == [lease.jobID])
            #expect(try await bed.ids(Queue.complete([lease], notes: [nil])).isEmpty)
        }
    }

    @Test func `a beat keeps a worker`() async throws {
        try await Testbed.with { bed in
            let worker = try await bed.worker(life: .seconds(-1))
            #expect(try await bed.pool.query(Queue.beat(worker, life: .seconds(20))).count == 1)
            #expect(try await bed.pool.query(Queue.reap()).isEmpty)
        }
    }

    @Test func `a job that takes three workers with it is dead`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([bed.request(key: "deadly")])
            for crash in 1...3 {
                let worker = try await bed.worker(life: .seconds(-1))
                let job = try #require(try await bed.claim(1, by: worker).first)
                #expect(job.attempt == 1)
                _ = try await bed.pool.query(Queue.reap())
                let row = try #require(try await bed.pool.query(Queue.rescue(limit: 10)).first)
                #expect(try row.value("died") == (crash == 3))
            }
            let row = try #require(try await bed.pool.query("SELECT job_id, reason, crashes FROM queue.dead").first)
            #expect(try row.value("reason") == "worker_lost")
            #expect(try row.value("crashes", as: Int16.self) == 3)
            #expect(try await bed.claim(1, by: try await bed.worker()).isEmpty)
            #expect(try await bed.count("queue.unique_keys") == 0)
            let details = try #require(try await bed.details(JobID(rawValue: try row.value("job_id"))))
            #expect((details.summary.place, details.summary.crashes, details.summary.attempts) == (.dead, 3, 0))
        }
    }

    @Test(arguments: [LossPolicy.retry, .attempt, .dead])
    func `what becomes of a job whose worker was lost is the job's own choice`(policy: LossPolicy) async throws {
        try await Testbed.with { bed in
            var request = bed.request(key: "u")
            request.maxAttempts = 2
            request.onLoss = policy
            let id = try await bed.enqueue([request])[0].jobID
            var attempts: [Int] = []
            for _ in 0..<2 {
                let worker = try await bed.worker()
                attempts += try await bed.claim(1, by: worker).map(\.attempt)
                _ = try await bed.pool.query(Queue.retire(worker))
                _ = try await bed.pool.query(Queue.rescue(limit: 10))
            }
            let place = try #require(try await bed.details(id)).summary.place
            switch policy {
            case .retry: #expect((attempts, place) == ([1, 1], .ready))
            case .attempt: #expect((attempts, place) == ([1, 2], .dead))
            case .dead: #expect((attempts, place) == ([1], .dead))
            }
            let reasons = try await bed.count("queue.dead WHERE reason = 'worker_lost'")
            #expect(reasons == (policy == .retry ? 0 : 1))
        }
    }
}
