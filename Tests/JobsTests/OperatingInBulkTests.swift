import Database
import Foundation
import Jobs
import Testing

/// Redriving, editing, and what becomes of batches, limits and pauses.
@Suite struct OperatingInBulkTests {
    @Test func `only the letters that are meant are redriven, in portions, and those with taken keys are left`()
        async throws
    {
        try await Testbed.with { bed in
            let (dead, _) = try await bed.withHeir()
            _ = try await bed.bury(1)
            try await bed.enqueue((0..<700).map { _ in bed.request("mail") })
            try await bed.enqueue([bed.request("print"), bed.request(key: "k")])
            _ = try await bed.bury(701)
            var filter = DeadFilter()
            filter.kind = "mail"
            var reports: [Int] = []
            let mails = try await bed.person("fixed").redrive(filter) { reports.append($0.raised) }
            #expect((mails.expected, mails.raised, mails.left) == (700, 700, 0))
            #expect(reports == [500, 700])
            #expect(try await bed.count("queue.dead") == 3)
            let all = try await bed.person("fixed").redrive(DeadFilter())
            // The printed one; the two others' key belongs to a live job.
            #expect((all.expected, all.raised, all.left) == (3, 1, 2))
            #expect(try await bed.details(dead)?.summary.place == .dead)
            #expect(try await bed.count("queue.operations WHERE action = 'redrive' AND reason = 'fixed'") == 701)
        }
    }

    @Test func `two redrives at once raise each letter once`() async throws {
        try await Testbed.with(connections: 6) { bed in
            let jobs = try await bed.deadLetters(1_200)
            async let first = bed.person("x").redrive(DeadFilter()).raised
            async let second = bed.person("x").redrive(DeadFilter()).raised
            async let third = bed.person("x").redrive(DeadFilter()).raised
            let raised = try await first + second + third
            #expect(raised == jobs.count)
            #expect(try await bed.count("queue.ready") == jobs.count)
        }
    }

    @Test func `letters are meant by queue, by reason and by when they died`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.deadLetters(2)
            let between = try #require(
                try await bed.pool.query("SELECT clock_timestamp() AS now").first?.value("now", as: Date.self))
            _ = try await bed.deadLetters(3)
            var filter = DeadFilter()
            filter.reason = "attempts"
            #expect(try await bed.person("x").redrive(filter).raised == 0)
            (filter.reason, filter.queue, filter.since) = ("discarded", "bulk", between)
            #expect(try await bed.person("x").redrive(filter).raised == 0)
            filter.queue = "default"
            #expect(try await bed.person("x").redrive(filter).raised == 3)
            (filter.since, filter.until) = (nil, between)
            #expect(try await bed.person("x").redrive(filter).raised == 2)
        }
    }

    @Test func `a rate holds a redrive back`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.deadLetters(30)
            let start = ContinuousClock.now
            let result = try await bed.person("gently").redrive(DeadFilter(), rate: 20)
            #expect(result.raised == 30)
            #expect(start.duration(to: .now) >= .seconds(1))
        }
    }

    @Test func `an edited letter is another job with the first one's key, followers and place in its batch`()
        async throws
    {
        try await Testbed.with { bed in
            let batch = try await bed.openBatch()
            var first = bed.request("mail", key: "k")
            (first.batch, first.tenant) = (batch, "green leaf")
            var follower = bed.request("after")
            follower.after = [.position(0)]
            let ids = try await bed.enqueue([first, follower]).map(\.jobID)
            _ = try await bed.bury(1)
            let edited = try await bed.person("wrong address")
                .replace(ids[0], payload: JSON(text: #"{"to": "b"}"#), seal: bed.seal)
            let heir = try #require(edited.replacement)
            #expect(edited.isDone)
            let old = try #require(try await bed.details(ids[0]))
            let new = try #require(try await bed.details(heir))
            #expect((old.summary.place, old.summary.note) == (.cancelled, "replaced by job \(heir)"))
            #expect(old.operations.map(\.replacement) == [heir])
            #expect((new.replaces, new.uniqueKey, new.batch, new.tenant) == (ids[0], "k", batch, "green leaf"))
            #expect(new.payload == JSON(text: #"{"to": "b"}"#))
            #expect(try await bed.details(ids[1])?.waitsFor == [heir])
            #expect(try await bed.count("queue.batch_ends") == 0)
            let run = try #require(try await bed.claim(2, by: try await bed.worker()).first)
            #expect(run.id == heir)
            let rows = try await bed.pool.query(Queue.complete([run.lease], notes: [nil]))
            let followUp = try QueueFollowUp(rows: rows)
            _ = try await bed.pool.run { try Queue.follow(followUp, in: $0) }
            #expect(try await bed.details(ids[1])?.summary.place == .ready)
            #expect(try await bed.count("queue.batch_ends WHERE job_id = \(heir) AND outcome = 'succeeded'") == 1)
        }
    }

    @Test func `a sealed letter is edited in the clear and sealed again`() async throws {
        try await Testbed.with { bed in
            let seal = try bed.seal
            let sealed = try seal.seal(JSON(text: #"{"iban": "1"}"#), kind: "pay")
            try await bed.enqueue([JobRequest(kind: "pay", payload: sealed)])
            let job = try await bed.bury(1)[0]
            let edited = try await bed.person("typo").replace(job, payload: JSON(text: #"{"iban": "2"}"#), seal: seal)
            let heir = try #require(edited.replacement)
            // Operators are not shown what is sealed, so the row is read.
            let row = try await bed.pool.query("SELECT payload FROM queue.jobs WHERE id = \(heir)").first
            let kept = try #require(try row?.value("payload", as: JSON.self))
            #expect(SealedPayload(kept)?.keyID == seal.currentKeyID)
            #expect(try seal.open(kept, kind: "pay") == JSON(text: #"{"iban": "2"}"#))
        }
    }

    @Test func `the end of a dead letter is taken back from its batch, counted or not, until the batch is closed`()
        async throws
    {
        try await Testbed.with { bed in
            let batch = try await bed.openBatch()
            var member = bed.request()
            member.batch = batch
            try await bed.enqueue([member, member, member])
            let jobs = try await bed.bury(3)
            // The first is counted, the second is not yet, and the third when the batch is closed.
            try await bed.asOwner(
                """
                WITH e AS (DELETE FROM queue.batch_ends WHERE job_id = \(jobs[0]))
                UPDATE queue.batches SET dead = dead + 1 WHERE id = \(batch.rawValue)
                """)
            #expect(try await bed.person("x").retry([jobs[0], jobs[1]]).allSatisfy(\.isDone))
            #expect(try await bed.count("queue.batches WHERE dead = 0") == 1)
            #expect(try await bed.count("queue.batch_ends") == 1)
            try await bed.asOwner(
                """
                WITH e AS (DELETE FROM queue.batch_ends WHERE job_id = \(jobs[2]))
                UPDATE queue.batches SET dead = dead + 1, sealed_at = now(), closed_at = now()
                """)
            #expect(try await bed.person("x").retry([jobs[2]]).allSatisfy(\.isDone))
            #expect(try await bed.count("queue.batches WHERE dead = 1") == 1)
            let again = try await bed.claim(3, by: try await bed.worker())
            _ = try await bed.pool.query(Queue.complete(again.map(\.lease), notes: [nil, nil, nil]))
            // The third one's success comes too late to count.
            #expect(try await bed.count("queue.batch_ends WHERE outcome = 'succeeded'") == 2)
        }
    }

    @Test func `a retried job keeps to its limits`() async throws {
        try await Testbed.with { bed in
            var keyed = bed.request()
            keyed.concurrency = ConcurrencyLimit(key: "carrier", limit: 1)
            let placed = try await bed.enqueue([keyed, keyed])
            _ = try await bed.pool.run { try Queue.follow(QueueFollowUp(placed), in: $0) }
            let dead = try await bed.bury(1)[0]
            _ = try await bed.pool.run { try Queue.follow(QueueFollowUp(placed), in: $0) }
            let other = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            #expect(try await bed.person("x").retry([dead]).map(\.place) == [.waiting])
            #expect(try await bed.claim(1, by: try await bed.worker()).isEmpty)
            let rows = try await bed.pool.query(Queue.complete([other.lease], notes: [nil]))
            let followUp = try QueueFollowUp(rows: rows)
            _ = try await bed.pool.run { try Queue.follow(followUp, in: $0) }
            #expect(try await bed.claim(1, by: try await bed.worker()).map(\.id) == [dead])
        }
    }

    @Test func `what a pause had put aside goes on when it is over, and one job may pass before`() async throws {
        try await Testbed.with { bed in
            let pause = try #require(try await bed.person("the printer burns").pause(.kind("noop")))
            #expect((pause.name, pause.reason) == ("ann", "the printer burns"))
            let ids = try await bed.enqueue(3)
            let worker = try await bed.worker()
            #expect(try await bed.claim(3, by: worker).isEmpty)
            let held = try await bed.person("x").runNow([ids[0]])
            #expect((held[0].isDone, held[0].place, held[0].pause) == (false, .held, .kind("noop")))
            #expect(try await bed.person("is it out?").retry([ids[1]]).map(\.isDone) == [true])
            #expect(try await bed.claim(3, by: worker).map(\.id) == [ids[1]])
            #expect(try await bed.person("it is").resume(.kind("noop")))
            #expect(try await bed.person("it is").resume(.kind("noop")) == false)
            #expect(try await bed.claim(3, by: worker).map(\.id) == [ids[0], ids[2]])
            #expect(
                try await bed.pool.query("SELECT action FROM queue.operations ORDER BY id")
                    .map { try $0.value("action", as: String.self) } == ["pause", "retry", "resume"])
        }
    }

    @Test func `a cancelled job says who called it off`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(2)
            let running = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            let answers = try await bed.person("not wanted").cancel(ids + [JobID(rawValue: 3)])
            #expect(answers.map(\.isDone) == [true, true, false])
            #expect(answers.map(\.place) == [.leased, .cancelled, nil])
            #expect(try await bed.details(running.id)?.cancelRequestedAt != nil)
            #expect(try await bed.details(ids[1])?.operations.map(\.reason) == ["not wanted"])
        }
    }

}

extension Testbed {
    /// A batch to which jobs may be added.
    func openBatch() async throws -> BatchID {
        let rows = try await pool.query("INSERT INTO queue.batches (callback) VALUES (NULL) RETURNING id")
        return BatchID(rawValue: try rows[0].value("id"))
    }
}
