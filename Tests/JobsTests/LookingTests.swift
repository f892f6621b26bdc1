import Database
import Foundation
import Jobs
import Testing

@Suite struct LookingTests {
    @Test func `the jobs of a record are listed with their places, newest first`() async throws {
        try await Testbed.with { bed in
            let record = UUID()
            let kinds = ["finished", "failed", "dead", "running", "waiting", "later"]
            let requests = kinds.map { kind in
                var request = bed.request(kind, runAt: kind == "later" ? bed.now.addingTimeInterval(60) : nil)
                request.subject = JobSubject(machine: "invoice", recordID: record)
                return request
            }
            try await bed.enqueue(requests)
            var other = bed.request("foreign")
            other.subject = JobSubject(machine: "order", recordID: record)
            try await bed.enqueue([other])
            let jobs = try await bed.claim(4, by: try await bed.worker())
            let retryAt = bed.now.addingTimeInterval(9)
            _ = try await bed.ids(Queue.complete([jobs[0].lease], notes: ["done"]))
            _ = try await bed.ids(Queue.postpone(jobs[1].lease, to: retryAt, because: .failed, reason: "greylisted"))
            _ = try await bed.ids(Queue.bury(jobs[2].lease, because: .discarded, reason: "unknown mailbox"))

            let listed = try await bed.pool.query(Queue.jobs(of: "invoice", record: record))
                .map { try JobSummary(row: $0) }
            #expect(listed.map(\.kind) == kinds.reversed())
            #expect(listed.map(\.place) == [.scheduled, .ready, .leased, .dead, .scheduled, .finished])
            #expect(listed.map(\.attempts) == [0, 0, 0, 1, 1, 1])
            #expect(listed.map(\.lastError) == [nil, nil, nil, "unknown mailbox", "greylisted", nil])
            #expect(listed.map(\.runAt) == [bed.now.addingTimeInterval(60), nil, nil, nil, retryAt, nil])
            #expect(listed.map { $0.finishedAt != nil } == [false, false, false, true, false, true])
            #expect(listed.last?.note == "done")
        }
    }

    @Test func `a job's details tell its whole story`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(1)
            let worker = try await bed.worker()
            let job = try #require(try await bed.claim(1, by: worker).first)
            #expect(try await bed.details(ids[0])?.workerID == worker)
            _ = try await bed.ids(Queue.postpone(job.lease, to: bed.now, because: .failed, reason: "first"))
            _ = try await bed.pool.query(Queue.promote(now: bed.now, limit: 1))
            let again = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.ids(Queue.complete([again.lease], notes: [nil]))
            let details = try #require(try await bed.details(ids[0]))
            #expect(details.attempts.map(\.outcome) == ["failed", "succeeded"])
            #expect(details.attempts.map(\.reason) == ["first", nil])
            #expect(details.attempts.map(\.retryAt) == [bed.now, nil])
            #expect((details.summary.place, details.summary.lastError) == (.finished, "first"))
            #expect(try await bed.details(JobID(rawValue: 1)) == nil)
        }
    }

    @Test func `the overview counts each queue and knows its age`() async throws {
        try await Testbed.with { bed in
            #expect(try await bed.pool.run { try QueueOverview.all(in: $0) }.isEmpty)
            let worker = try await bed.worker()
            _ = try await bed.enqueue(3)
            var elsewhere = bed.request(runAt: bed.now.addingTimeInterval(1))
            elsewhere.queue = "bulk"
            try await bed.enqueue([elsewhere])
            let job = try await bed.claim(2, by: worker)
            _ = try await bed.ids(Queue.bury(job[0].lease, because: .discarded, reason: "x"))
            let rows = try await bed.pool.run { try QueueOverview.all(in: $0) }
            #expect(rows.map(\.queue) == ["bulk", "default"])
            #expect(rows.map(\.ready) == [0, 1])
            #expect(rows.map(\.scheduled) == [1, 0])
            #expect(rows.map(\.leased) == [0, 1])
            #expect(rows.map(\.dead) == [0, 1])
            #expect(rows[0].oldestReadyAge == nil)
            #expect((try #require(rows[1].oldestReadyAge)) < .seconds(60))
            #expect(rows[0].nextRunAt == bed.now.addingTimeInterval(1))
        }
    }
}
