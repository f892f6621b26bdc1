import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// The queue by hand, with the real program.
@Suite struct JobsCommandTests {
    @Test func `a job's life as an operator sees it, for people and for programs`() async throws {
        try await Counter.with { counter in
            let record = UUID()
            var request = JobRequest(kind: "send_email", payload: JSON(text: #"{"to": "rosa"}"#), uniqueKey: "welcome")
            request.subject = JobSubject(machine: "lead", recordID: record)
            let job = try await counter.enqueue([request])[0]
            for filter in [
                ["--kind", "send_email"], ["--queue", "default"], ["--place", "ready"], ["--key", "welcome"],
                ["--record", record.uuidString], ["--since", "1h"], ["--since", "2026-01-01"],
                ["--subject", record.uuidString], ["--until", "2099-01-01"], ["--cursor", "\(Int64.max)"],
                ["--kind", "send_email", "--place", "ready", "--queue", "default", "--key", "welcome"],
            ] {
                let text = try await counter.run(["list"] + filter)
                #expect(text.hasPrefix("JOB "), "\(filter)")
                #expect(text.contains("\(job)  send_email  default  ready  0/20"), "\(filter)")
            }
            for filter in [
                ["--kind", "x"], ["--queue", "x"], ["--place", "dead"], ["--key", "x"],
                ["--record", UUID().uuidString], ["--subject", "INV-7"], ["--until", "2026-01-01"], ["--retrying"],
                ["--error", "mailbox"], ["--worker", "1"], ["--ended-since", "1h"], ["--cursor", "\(job)"],
            ] {
                #expect(try await counter.run(["list"] + filter) == "There is no such job.\n", "\(filter)")
            }
            try await counter.bury(1)
            let worker = try await counter.worker()
            for filter in [
                ["--error", "such mailbox"], ["--worker", worker], ["--ended-since", "1h"],
                ["--ended-until", "2099-01-01"], ["--place", "dead", "--error", "MAILBOX", "--worker", worker],
            ] {
                #expect(try await counter.run(["list"] + filter).contains("\(job)  send_email"), "\(filter)")
            }
            let story = try await counter.run(["show", "\(job)"])
            for words in [
                "job \(job)  send_email  dead: discarded", "payload {\"to\": \"rosa\"}", "no such mailbox", "welcome",
                "lead \(record.uuidString.lowercased())", "LEASE  TRY  OUTCOME",
            ] {
                #expect(story.contains(words), "\(words) in \(story)")
            }
            #expect(
                try await counter.run(["retry", "\(job)", "--reason", "mailbox is back", "--by", "ann"])
                    == "job \(job): runs now\n")
            let json = try await counter.json(["show", "\(job)", "--json"])
            #expect(json["place"] as? String == "ready")
            #expect((json["payload"] as? [String: Any])?["to"] as? String == "rosa")
            let operations = try #require(json["operations"] as? [[String: Any]])
            #expect(operations.map { $0["by"] as? String } == ["ann"])
            #expect(operations.map { $0["reason"] as? String } == ["mailbox is back"])
            let list = try await counter.json(["list", "--json"])
            #expect((list["jobs"] as? [[String: Any]])?.map { $0["id"] as? String } == ["\(job)"])
        }
    }

    @Test func `what was not done is said job by job, and the program fails`() async throws {
        try await Counter.with { counter in
            let job = try await counter.enqueue([JobRequest(kind: "a", payload: JSON(text: "{}"))])[0]
            #expect(try await counter.complaint(["show", "123"]).contains("There is no job 123, or no longer."))
            let said = try await counter.complaint(["retry", "\(job)", "123", "--reason", "x"])
            #expect(said.contains("job \(job): is ready, and next in line for a worker"))
            #expect(said.contains("job 123: there is no such job, or no longer"))
            #expect(try await counter.complaint(["retry", "\(job)"]).contains("--reason"))
            #expect(try await counter.complaint(["retry", "abc", "--reason", "x"]).contains("abc"))
            #expect(try await counter.complaint(["list", "--since", "soon"]).contains("2026-11-20"))
            #expect(try await counter.complaint(["list", "--place", "limbo"]).contains("scheduled"))
            #expect(try await counter.complaint(["list", "--worker", "ann"]).contains("drizzl workers"))
            #expect(try await counter.complaint(["list", "--retrying", "--place", "dead"]).contains("scheduled"))
            #expect(try await counter.complaint(["redrive", "--reason", "x"]).contains("--all"))
            #expect(
                try await counter.complaint(["redrive", "--because", "boredom", "--reason", "x"]).contains(
                    "worker_lost"))
            #expect(
                try await counter.complaint(["resume", "kind", "a", "--reason", "x"]).contains("was not paused"))
        }
    }

    @Test func `dead letters are edited, redriven and given up`() async throws {
        try await Counter.with { counter in
            let jobs = try await counter.enqueue(
                (0..<4).map { JobRequest(kind: "k\($0 % 2)", payload: JSON(text: "{}")) })
            try await counter.bury(4)
            #expect(
                try await counter.complaint(["retry", "\(jobs[0])", "--payload", "{", "--reason", "x"])
                    .contains("no JSON"))
            let edited = try await counter.json(
                ["retry", "\(jobs[0])", "--payload", #"{"n": 2}"#, "--reason", "typo", "--json"])
            let answer = try #require((edited["jobs"] as? [[String: Any]])?.first)
            let heir = try #require(answer["replacement"] as? String)
            #expect(try await counter.run(["show", heir]).contains("replaces"))
            #expect(try await counter.run(["show", "\(jobs[0])"]).contains("replaced by job \(heir)"))
            let said = try await counter.run(["redrive", "--kind", "k1", "--reason", "fixed"])
            #expect(said.contains("2 of 2\n"))
            #expect(said.hasSuffix("2 run again\n"))
            #expect(
                try await counter.run(["discard", "\(jobs[2])", "--reason", "x"]) == "job \(jobs[2]): given up\n")
            let overview = try await counter.json(["overview", "--json"])
            let queue = try #require((overview["queues"] as? [[String: Any]])?.first)
            #expect(queue["ready"] as? Int == 3)
            #expect(queue["dead"] as? Int == 0)
        }
    }

    @Test func `scheduled jobs are run now or cancelled, and kinds are paused`() async throws {
        try await Counter.with { counter in
            let later = Date(timeIntervalSince1970: 4_000_000_000)
            let jobs = try await counter.enqueue(
                (0..<2).map { _ in JobRequest(kind: "a", payload: JSON(text: "{}"), runAt: later) })
            #expect(try await counter.run(["run-now", "\(jobs[0])", "--reason", "x"]) == "job \(jobs[0]): runs now\n")
            #expect(
                try await counter.run(["cancel", "\(jobs[1])", "--reason", "x"]) == "job \(jobs[1]): cancelled\n")
            #expect(try await counter.run(["retry", "\(jobs[1])", "--reason", "x"]) == "job \(jobs[1]): runs now\n")
            let paused = try await counter.run(["pause", "kind", "a", "--reason", "the printer burns", "--by", "ann"])
            #expect(paused.hasPrefix("The kind a is paused since 2"))
            #expect(paused.hasSuffix("by ann: the printer burns\n"))
            let overview = try await counter.run([])
            #expect(overview.hasPrefix("QUEUE "))
            #expect(overview.contains("The kind a is paused"))
            #expect(try await counter.run(["resume", "kind", "a", "--reason", "x"]) == "The kind a goes on.\n")
        }
    }

    @Test func `the body of a sealed job is not shown`() async throws {
        try await Counter.with { counter in
            let seal = PayloadSeal(current: try SealingKey(Array(repeating: 7, count: 32)))
            let sealed = try seal.seal(JSON(text: #"{"iban": "DE00"}"#), kind: "pay")
            let job = try await counter.enqueue([JobRequest(kind: "pay", payload: sealed)])[0]
            let story = try await counter.run(["show", "\(job)"])
            #expect(story.contains("payload sealed with key \(seal.currentKeyID)"))
            #expect(!story.contains("box"))
            let json = try await counter.run(["show", "\(job)", "--json"])
            #expect(json.contains(seal.currentKeyID) && !json.contains("box"))
        }
    }
}

/// A queue, and the program that works on it.
private struct Counter {
    let url: String
    let pool: Pool

    static func with(_ body: (Counter) async throws -> Void) async throws {
        let migrations = DrizzlProcess.root.appending(path: "migrations")
        try await ScratchDatabase.with(migrations: migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 2, role: "drizzl_app"))
            do {
                try await body(Counter(url: url, pool: pool))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    func run(_ words: [String]) async throws -> String {
        try await DrizzlProcess.run(["jobs"] + words, environment: ["DATABASE_URL": url])
    }

    func json(_ words: [String]) async throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(try await run(words).utf8))
        return try #require(value as? [String: Any])
    }

    /// Runs a command that has to fail, and answers what it said.
    func complaint(_ words: [String]) async throws -> String {
        let error = await #expect(throws: DrizzlProcess.Failure.self) { try await run(words) }
        return try #require(error).description
    }

    func enqueue(_ requests: [JobRequest]) async throws -> [JobID] {
        let now = Date(timeIntervalSince1970: 1_900_000_000)
        return try await pool.query(Queue.enqueue(requests, now: now)).map { try JobPlacement(row: $0).jobID }
    }

    /// The worker that had something last, as people write it.
    func worker() async throws -> String {
        let row = try await pool.query("SELECT to_hex(worker_id) AS id FROM queue.attempts ORDER BY finished_at DESC")
            .first
        return try row?.value("id") ?? ""
    }

    func bury(_ count: Int) async throws {
        let worker = WorkerID.random()
        _ = try await pool.query(
            Queue.register(worker, name: "test", queues: ["default"], kinds: [], life: .seconds(600)))
        let jobs = try await pool.run { session in
            try Queue.claimJobs(for: worker, from: "default", floors: ClaimFloors(), count: count, in: session)
        }
        for job in jobs {
            _ = try await pool.query(Queue.bury(job.lease, because: .discarded, reason: "no such mailbox"))
        }
    }
}
