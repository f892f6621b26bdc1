import Database
import Foundation
import Jobs
import Testing

@Suite struct DependencyTests {
    @Test func `a job begins when all it waits for have succeeded`() async throws {
        try await Testbed.with { bed in
            let first = try await bed.enqueue(1)[0]
            let placed = try await bed.enqueue([
                bed.request(), bed.request(after: [.job(first), .position(0)]), bed.request(after: [.position(1)]),
            ])
            #expect(placed.map(\.place) == [.ready, .blocked, .blocked])
            let worker = try await bed.worker()
            let jobs = try await bed.claim(9, by: worker)
            #expect(jobs.map(\.id) == [first, placed[0].jobID])
            try await bed.finish(Queue.complete([jobs[0].lease], notes: [nil]))
            #expect(try await bed.claim(9, by: worker).isEmpty)
            try await bed.finish(Queue.complete([jobs[1].lease], notes: [nil]))
            let next = try await bed.claim(9, by: worker)
            #expect(next.map(\.id) == [placed[1].jobID])
            try await bed.finish(Queue.complete(next.map(\.lease), notes: [nil]))
            #expect(try await bed.claim(9, by: worker).map(\.id) == [placed[2].jobID])
            #expect(try await bed.count("queue.dependencies") == 0)
        }
    }

    @Test func `what has succeeded already holds nobody up`() async throws {
        try await Testbed.with { bed in
            let first = try await bed.enqueue(1)[0]
            let worker = try await bed.worker()
            try await bed.finish(Queue.complete(try await bed.claim(1, by: worker).map(\.lease), notes: [nil]))
            let placed = try await bed.enqueue([bed.request(after: [.job(first)])])
            try await bed.follow(QueueFollowUp(placed))
            #expect(try await bed.places(of: placed.map(\.jobID)) == [.ready])
        }
    }

    @Test func `a blocked job keeps its own moment and its own limits`() async throws {
        try await Testbed.with { bed in
            let first = try await bed.enqueue(1)[0]
            var keyed = bed.keyed("a")
            keyed.after = [.job(first)]
            let later = bed.request(runAt: bed.now.addingTimeInterval(60), after: [.job(first)])
            let placed = try await bed.enqueue([keyed, later])
            let job = try #require(try await bed.claim(9, by: try await bed.worker()).first)
            try await bed.finish(Queue.complete([job.lease], notes: [nil]))
            #expect(try await bed.places(of: placed.map(\.jobID)) == [.ready, .scheduled])
            #expect(try await bed.count("queue.concurrency_slots") == 1)
        }
    }

    @Test func `when one is cancelled, all that wait for it are cancelled, however far`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([
                bed.request(), bed.request(key: "x", after: [.position(0)]), bed.request(after: [.position(1)]),
                bed.request(), bed.request(after: [.position(2), .position(3)]),
            ])
            let ids = placed.map(\.jobID)
            let ended = try await bed.cancel([ids[0]])
            #expect(ended.ended == [ids[0]])
            #expect(try await bed.places(of: ids) == [.cancelled, .cancelled, .cancelled, .ready, .cancelled])
            #expect(try await bed.details(ids[4])?.summary.note == "a job that it waited for was cancelled")
            #expect(try await bed.count("queue.unique_keys") == 0)
            // Who waits for a cancelled job is cancelled when somebody looks.
            let late = try await bed.enqueue([bed.request(after: [.job(ids[0])])])
            try await bed.follow(QueueFollowUp(late))
            #expect(try await bed.places(of: late.map(\.jobID)) == [.cancelled])
        }
    }

    @Test func `a dead letter keeps those that wait for it waiting`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.request(), bed.request(after: [.position(0)])])
            let job = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            try await bed.finish(Queue.bury(job.lease, because: .discarded, reason: "x"))
            _ = try await bed.pool.query(Queue.unblockSweep(after: nil, limit: 10))
            #expect(try await bed.places(of: placed.map(\.jobID)) == [.dead, .blocked])
        }
    }

    @Test(
        arguments: [
            [.job(JobID(rawValue: 4_711))], [.position(1)], [.position(2)], [.position(9)], [.position(-1)],
        ] as [[JobDependency]])
    func `a job cannot wait for what is not there before it`(after: [JobDependency]) async throws {
        try await Testbed.with { bed in
            let requests = [bed.request(), bed.request(after: after), bed.request()]
            let error = await #expect(throws: DatabaseError.self) { try await bed.enqueue(requests) }
            #expect(error?.sqlState == Queue.unknownUpstreamState)
            #expect(error?.message.contains("can wait") == true)
            let jobs = try await bed.count("queue.jobs")
            #expect(jobs == 0)
        }
    }

    @Test func `dependents that are enqueued while their jobs end all run, by the sweep at the latest`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let upstream = try await bed.enqueue(60)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<3 {
                    group.addTask {
                        let worker = try await bed.worker()
                        var left = true
                        while left {
                            let jobs = try await bed.claim(2, by: worker).filter { $0.kind == "noop" }
                            left = !jobs.isEmpty
                            try await bed.finish(Queue.complete(jobs.map(\.lease), notes: jobs.map { _ in nil }))
                        }
                    }
                    group.addTask {
                        for index in stride(from: part, to: 60, by: 3) {
                            let pair = [upstream[index], upstream[(index + 7) % 60]].map { JobDependency.job($0) }
                            // Not followed up: as after a crash of the process.
                            try await bed.enqueue([
                                bed.request("after", runAt: bed.now.addingTimeInterval(9), after: pair)
                            ])
                        }
                    }
                }
                try await group.waitForAll()
            }
            var last: JobID?
            repeat {
                let rows = try await bed.pool.query(Queue.unblockSweep(after: last, limit: 7))
                last = try rows.first?.optional("last_job", as: Int64.self).map(JobID.init(rawValue:))
            } while last != nil
            #expect(try await bed.count("queue.scheduled") == 60)
            #expect(try await bed.count("queue.blocked") == 0)
            #expect(try await bed.count("queue.dependencies") == 0)
        }
    }
}

extension Testbed {
    func request(
        _ kind: String = "noop", runAt: Date? = nil, key: String? = nil, after: [JobDependency]
    ) -> JobRequest {
        var request = request(kind, runAt: runAt, key: key)
        request.after = after
        return request
    }

    /// Calls jobs off, and does what follows.
    @discardableResult
    func cancel(_ jobs: [JobID], reason: String = "not wanted") async throws -> Queue.Cancelling {
        try await pool.run { session in
            let answer = try Queue.cancelAll(jobs, reason: reason, in: session)
            _ = try Queue.follow(answer.followUp, in: session)
            return answer
        }
    }
}
