import Database
import Foundation
import Jobs
import Testing

@Suite struct OperatingTests {
    @Test func `a dead letter that is retried runs again with all its attempts before it`() async throws {
        try await Testbed.with { bed in
            let job = try await bed.deadLetters(1)[0]
            let answers = try await bed.person("the carrier is back").retry([job])
            #expect(answers.map(\.isDone) == [true])
            let again = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            #expect((again.id, again.attempt, again.crashes, again.lease.number) == (job, 1, 0, 2))
            #expect(try await bed.ids(Queue.complete([again.lease], notes: [nil])) == [job])
            let details = try #require(try await bed.details(job))
            #expect(details.attempts.map(\.outcome) == ["discarded", "succeeded"])
            #expect(details.operations.map(\.action) == ["retry"])
            #expect(details.operations.map(\.name) == ["ann"])
            #expect(details.operations.map(\.reason) == ["the carrier is back"])
        }
    }

    @Test func `of operators at once one wins and the others are told where the job is`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let jobs = try await bed.deadLetters(20)
            async let first = bed.person("me first").retry(jobs)
            async let second = bed.person("me first").retry(jobs.reversed())
            async let third = bed.person("me first").discard(jobs)
            let answers = try await first + second + third
            for job in jobs {
                let told = answers.filter { $0.jobID == job }
                #expect(told.count { $0.isDone } == 1)
                #expect(told.allSatisfy { $0.place == .ready || $0.place == .cancelled })
                #expect(try await bed.details(job)?.operations.count == 1)
            }
            #expect(try await bed.count("queue.dead") == 0)
            let cancelled = try await bed.count("queue.attempts WHERE outcome = 'cancelled'")
            #expect(try await bed.count("queue.ready") + cancelled == jobs.count)
        }
    }

    @Test func `what is no dead letter is left where it is, and what does not exist is said so`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(3)
            let lease = try #require(try await bed.claim(1, by: try await bed.worker()).first).lease
            let done = try #require(try await bed.claim(1, by: try await bed.worker()).first).lease
            _ = try await bed.ids(Queue.complete([done], notes: [nil]))
            let asked = [lease.jobID, done.jobID, ids[2], JobID(rawValue: 7)]
            for answers in [
                try await bed.person("x").retry(asked), try await bed.person("x").discard(asked),
                try await bed.person("x").runNow(asked),
            ] {
                #expect(answers.map(\.isDone) == [false, false, false, false])
                #expect(answers.map(\.place) == [.leased, .finished, .ready, nil])
            }
            #expect(try await bed.count("queue.operations") == 0)
            #expect(try await bed.ids(Queue.complete([lease], notes: [nil])) == [lease.jobID])
        }
    }

    @Test func `a scheduled job runs now, and only a retry counts its attempts anew`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([bed.request(), bed.request()])
            let worker = try await bed.worker()
            let jobs = try await bed.claim(2, by: worker)
            for job in jobs {
                let later = bed.now.addingTimeInterval(3_600)
                _ = try await bed.ids(Queue.postpone(job.lease, to: later, because: .failed, reason: "greylisted"))
            }
            #expect(try await bed.person("now").runNow([jobs[0].id]).allSatisfy(\.isDone))
            #expect(try await bed.person("anew").retry([jobs[1].id]).allSatisfy(\.isDone))
            #expect(try await bed.claim(2, by: worker).map(\.attempt) == [2, 1])
        }
    }

    @Test func `a dead letter whose unique key is taken by now stays dead`() async throws {
        try await Testbed.with { bed in
            let (first, heir) = try await bed.withHeir()
            let answers = try await bed.person("again").retry([first])
            #expect(answers.map(\.isDone) == [false])
            #expect(answers.map(\.place) == [.dead])
            #expect(answers.map(\.keyHolder) == [heir])
            let edited = try await bed.person("again").replace(first, payload: JSON(text: "1"), seal: bed.seal)
            #expect((edited.isDone, edited.keyHolder) == (false, heir))
            #expect(try await bed.count("queue.jobs") == 2)
            // When the heir is dead in turn, the first has its key again.
            _ = try await bed.bury(1)
            #expect(try await bed.person("again").retry([first]).map(\.isDone) == [true])
            #expect(try await bed.count("queue.unique_keys WHERE job_id = \(first)") == 1)
        }
    }

    @Test func `a dead letter runs again although the partition of its body was dropped`() async throws {
        try await Testbed.with { bed in
            let job = try await bed.deadLetters(1)[0]
            try await bed.asOwner("DELETE FROM queue.jobs")
            #expect(try await bed.details(job)?.summary.place == .dead)
            #expect(try await bed.person("again").retry([job]).map(\.isDone) == [true])
            let again = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            #expect((again.id, again.kind, again.payload) == (job, "noop", JSON(text: "{}")))
        }
    }

    @Test func `a dead letter of the version before, which knew less, runs again`() async throws {
        try await Testbed.with { bed in
            let job = try await bed.deadLetters(1)[0]
            try await bed.asOwner("UPDATE queue.dead SET body = body - 'on_lost' - 'tenant' - 'replaces'")
            try await bed.asOwner("DELETE FROM queue.jobs")
            #expect(try await bed.person("again").retry([job]).map(\.isDone) == [true])
            #expect(try await bed.claim(1, by: try await bed.worker()).map(\.id) == [job])
        }
    }

    @Test func `a job that is discarded takes those with it that wait for it`() async throws {
        try await Testbed.with { bed in
            var request = bed.request()
            request.after = [.position(0)]
            var last = bed.request()
            last.after = [.position(1)]
            let ids = try await bed.enqueue([bed.request(), request, last]).map(\.jobID)
            _ = try await bed.bury(1)
            #expect(try await bed.details(ids[1])?.waitsFor == [ids[0]])
            #expect(try await bed.person("not worth it").discard([ids[0]]).map(\.place) == [.cancelled])
            for id in ids { #expect(try await bed.details(id)?.summary.place == .cancelled) }
            #expect(try await bed.details(ids[0])?.summary.note == "not worth it")
            for table in ["dead", "blocked", "dependencies", "unique_keys"] {
                #expect(try await bed.count("queue.\(table)") == 0, "\(table)")
            }
        }
    }
}

extension Testbed {
    /// A person who does things by hand.
    func person(_ reason: String) -> JobOperator {
        JobOperator(
            pool: pool, waker: QueueWaker { _ in }, note: OperatorNote(name: "ann", reason: reason),
            now: { [now] in now }
        )
    }

    /// A seal that is not asked for anything here.
    var seal: PayloadSeal {
        get throws { PayloadSeal(current: try SealingKey(Array(repeating: 7, count: 32))) }
    }

    /// Claims jobs and buries them.
    func bury(_ count: Int) async throws -> [JobID] {
        let jobs = try await claim(count, by: try await worker())
        for job in jobs { _ = try await ids(Queue.bury(job.lease, because: .discarded, reason: "x")) }
        return jobs.map(\.id)
    }

    func deadLetters(_ count: Int) async throws -> [JobID] {
        _ = try await enqueue(count)
        return try await bury(count)
    }

    /// A dead letter, and a live job that has its unique key.
    func withHeir() async throws -> (dead: JobID, heir: JobID) {
        try await enqueue([request(key: "k")])
        let dead = try await bury(1)[0]
        return (dead, try await enqueue([request(key: "k")])[0].jobID)
    }
}
