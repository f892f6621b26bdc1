import Database
import Foundation
import Jobs
import Testing

/// Jobs that were called off and are wanted after all.
@Suite struct TakingUpTests {
    @Test func `a cancelled job runs again, and its attempts count on`() async throws {
        try await Testbed.with { bed in
            let job = try await bed.enqueue(1)[0]
            let worker = try await bed.worker()
            let first = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.ids(Queue.postpone(first.lease, to: bed.now, because: .failed, reason: "greylisted"))
            #expect(try await bed.person("not now").cancel([job]).map(\.place) == [.cancelled])
            #expect(try await bed.person("now").retry([job]).map(\.place) == [.ready])
            let again = try #require(try await bed.claim(1, by: worker).first)
            #expect((again.id, again.attempt) == (job, 2))
            #expect(try await bed.ids(Queue.complete([again.lease], notes: [nil])) == [job])
            let details = try #require(try await bed.details(job))
            #expect(details.summary.place == .finished)
            #expect(details.attempts.map(\.outcome) == ["failed", "cancelled", "released", "succeeded"])
            #expect(details.operations.map(\.action) == ["cancel", "retry"])
            #expect(try await bed.broken(Queue.rules + Queue.rulesAtRest) == [])
        }
    }

    @Test func `one that was stopped while it ran makes the same attempt again`() async throws {
        try await Testbed.with { bed in
            let job = try await bed.enqueue(1)[0]
            let worker = try await bed.worker()
            let first = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.person("stop").cancel([job])
            _ = try await bed.ids(Queue.cancel(first.lease, reason: "stopped"))
            #expect(try await bed.person("go on").retry([job]).map(\.isDone) == [true])
            let again = try #require(try await bed.claim(1, by: worker).first)
            #expect((again.attempt, again.lease.number > first.lease.number) == (1, true))
            // Called off once more while it runs, it is found where it is.
            #expect(try await bed.person("no").cancel([job]).map(\.place) == [.leased])
            #expect(try await bed.broken(Queue.rules) == [])
        }
    }

    @Test func `its unique key still keeps a second one away`() async throws {
        try await Testbed.with { bed in
            let first = try await bed.enqueue([bed.request(key: "welcome")])[0].jobID
            _ = try await bed.person("x").cancel([first])
            let heir = try await bed.enqueue([bed.request(key: "welcome")])[0].jobID
            let refused = try await bed.person("x").retry([first])
            #expect(refused.map(\.place) == [.cancelled] && refused.map(\.keyHolder) == [heir])
            _ = try await bed.person("x").cancel([heir])
            #expect(try await bed.person("x").retry([first]).map(\.isDone) == [true])
            // It holds its key again: whoever asks for the same gets this one.
            let again = try await bed.enqueue([bed.request(key: "welcome")])[0]
            #expect((again.jobID, again.isCreated) == (first, false))
            #expect(try await bed.broken(Queue.rules) == [])
        }
    }

    @Test func `of operators at once one takes it up`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let jobs = try await bed.enqueue(20)
            _ = try await bed.person("x").cancel(jobs)
            async let one = bed.person("x").retry(jobs)
            async let two = bed.person("x").retry(jobs.reversed())
            async let three = bed.person("x").retry(jobs)
            let answers = try await one + two + three
            for job in jobs { #expect(answers.count { $0.jobID == job && $0.isDone } == 1) }
            #expect(try await bed.count("queue.ready") == jobs.count)
            #expect(try await bed.broken(Queue.rules) == [])
        }
    }

    @Test func `what was given up for good or replaced stays so`() async throws {
        try await Testbed.with { bed in
            let dead = try await bed.deadLetters(2)
            _ = try await bed.person("x").discard([dead[0]])
            _ = try await bed.person("x").replace(dead[1], payload: JSON(text: "{}"), seal: bed.seal)
            #expect(try await bed.person("x").retry(dead).map(\.place) == [.cancelled, .cancelled])
            #expect(try await bed.count("queue.operations WHERE action = 'retry'") == 0)
        }
    }

    @Test func `a search for what was cancelled finds it no more, and its batch waits for it again`() async throws {
        try await Testbed.with { bed in
            var request = bed.request()
            request.batch = try await bed.openBatch()
            let ids = try await bed.enqueue([request, request]).map(\.jobID)
            _ = try await bed.person("x").cancel(ids)
            _ = try await bed.person("x").retry([ids[0]])
            var filter = JobFilter()
            filter.place = .cancelled
            let found = try await bed.pool.run { [filter] in try JobPart(filter, limit: 10, in: $0).jobs.map(\.id) }
            #expect(found == [ids[1]])
            #expect(try await bed.broken(Queue.rules) == [])
        }
    }
}

extension Testbed {
    /// What does not hold of the queue.
    func broken(_ rules: [QueueRule]) async throws -> [String] {
        try await pool.run { session in
            try rules.flatMap { rule in try session.query(rule.counterexamples).map { try $0.value("example") } }
        }
    }
}
