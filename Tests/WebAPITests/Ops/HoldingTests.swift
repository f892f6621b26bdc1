import Database
import Foundation
import Jobs
import StateMachines
import Testing

/// What is kept from beginning, taken up again, or came late: workers, kinds, cancelled jobs, missed runs.
@Suite struct HoldingTests {
    private static let worker = "1a2b3c"

    private func register(_ house: House) async throws {
        let id = WorkerID(rawValue: try #require(Int64(Self.worker, radix: 16)))
        _ = try await house.pool.query(
            Queue.register(id, name: "host-7/42", queues: ["default"], kinds: ["print"], life: .seconds(600)))
    }

    @Test func `a worker is drained for a reason, says so, and takes jobs again`() async throws {
        try await OpsPerson.with { grace in
            try await register(grace.house)
            #expect(try await grace.page("/workers").text.contains("Nobody else serves default"))
            let path = "/workers/\(Self.worker)"
            let answer = try await grace.press(path + "/drain", ["reason": "a new disk"])
            #expect(answer.status == 303, "\(answer.text)")
            let page = try await grace.open(answer.headers["location"]).text
            for words in [
                "Drained worker \(Self.worker)", "a new disk", "grace@drizzl.example", ">Drained<", "/resume",
            ] {
                #expect(page.contains(words), "\(words)")
            }
            let shown = try await grace.get("/api/v1/workers")["items"]?.list?.first
            #expect(shown?["drain_reason"] == "a new disk" && shown?["id"] == .string(Self.worker))
            // A queue that nobody else serves waits, and the overview says so.
            let request = JobRequest(kind: "print", payload: JSON(text: "{}"))
            _ = try await grace.house.pool.query(Queue.enqueue([request], now: House.now))
            #expect(try await grace.page().text.contains("default"))
            #expect(
                try await grace.get("/api/v1/alerts")["alerts"]?.list?.contains { $0["kind"] == "no_worker" } == true)
            #expect(try await grace.press(path + "/resume", ["reason": "it is in"]).status == 303)
            #expect(try await grace.page("/workers").text.contains(">Working<"))
            #expect(try await grace.audited("ops.drain") == ["a new disk"])
            #expect(
                try await grace.press("/workers/77/drain", ["reason": "x"]).headers["location"]?.contains("done")
                    == false)
            #expect(try await grace.press(path + "/drain", ["reason": ""]).status == 422)
        }
    }

    @Test func `the API drains a worker and pauses a kind, and knows neither that nobody has heard of`() async throws {
        try await Estate.with { estate in
            let reason = JSONValue.object(["reason": "stocktaking"])
            let asked = { (path: String, name: String) in
                try await estate.send("POST", "/api/v1" + path, as: name, body: reason)
            }
            let id = WorkerID(rawValue: 0x1a2b3c)
            _ = try await estate.pool.query(
                Queue.register(id, name: "host-7/42", queues: ["default"], kinds: ["print"], life: .seconds(600)))
            #expect(try await asked("/workers/1a2b3c/drain", "ned").status == 403)
            #expect(try await asked("/workers/1a2b3c/drain", "sue")["draining"] == true)
            #expect(try await asked("/workers/1a2b3c/resume", "sue")["draining"] == false)
            #expect(try await asked("/workers/1a2b3c/resume", "sue").status == 200)
            #expect(try await asked("/workers/77/drain", "sue").status == 404)
            #expect(try await asked("/workers/x/drain", "sue").status == 404)
            #expect(try await asked("/kinds/print/pause", "ned").status == 403)
            let paused = try await asked("/kinds/print/pause", "sue")["paused"]
            #expect(paused?["scope"] == "kind" && paused?["reason"] == "stocktaking", "\(paused ?? .null)")
            #expect(try await asked("/kinds/prnit/pause", "sue").status == 404)
            #expect(try await estate.get("/api/v1/queues", as: "sue")["pauses"]?.list?.count == 1)
            #expect(try await asked("/kinds/print/resume", "sue")["resumed"] == true)
            let kept = try await estate.pool.query(
                "SELECT action || ' ' || subject_type AS deed FROM audit_log WHERE action LIKE 'ops.%' ORDER BY seq")
            #expect(
                try kept.map { try $0.value("deed", as: String.self) } == [
                    "ops.drain worker", "ops.resume worker", "ops.pause kind", "ops.resume kind",
                ])
        }
    }

    @Test func `one kind of a queue is paused on the queue's page, and the page says who, when and why`() async throws {
        try await OpsPerson.with { grace in
            try await register(grace.house)
            let request = JobRequest(kind: "print", payload: JSON(text: "{}"))
            _ = try await grace.house.pool.query(Queue.enqueue([request], now: House.now))
            let page = "/queues/default?last=day"
            #expect(try await grace.page(page).text.contains("/kinds/print/pause"))
            let answer = try await grace.press("/kinds/print/pause", ["reason": "no paper", "queue": "default"])
            #expect(
                answer.headers["location"]?.hasPrefix(OpsPerson.root + "/queues/default?") == true, "\(answer.text)")
            let paused = try await grace.page(page).text
            for words in ["no paper", "grace@drizzl.example", "/kinds/print/resume"] {
                #expect(paused.contains(words), "\(words)")
            }
            #expect(try await grace.press("/kinds/prnit/pause", ["reason": "x"]).status == 404)
            #expect(try await grace.press("/kinds/print/resume", ["reason": "paper"]).status == 303)
            #expect(try await !grace.page(page).text.contains("no paper"))
        }
    }

    @Test func `a cancelled job is retried on its page and over the API`() async throws {
        try await OpsPerson.with { grace in
            let request = JobRequest(kind: "print", payload: JSON(text: "{}"))
            let job = try await grace.house.pool.query(Queue.enqueue([request], now: House.now)).map {
                try JobPlacement(row: $0).jobID
            }[0]
            #expect(try await grace.press("/jobs/\(job)/cancel", ["reason": "not now"]).status == 303)
            #expect(try await grace.page("/jobs/\(job)").text.contains("/jobs/\(job)/retry"))
            let answer = try await grace.press("/jobs/\(job)/retry", ["reason": "now"])
            #expect(answer.headers["location"]?.contains("done=retried") == true, "\(answer.text)")
            #expect(try await grace.get("/api/v1/jobs/\(job)")["place"] == "ready")
            #expect(try await grace.audited("ops.retry") == ["now"])
        }
    }

    @Test func `a run that was missed while nobody was there runs once, and says how late it was`() async throws {
        try await OpsPerson.with { grace in
            // Hourly, the last time twenty minutes ago; for three hours and a half nobody was there.
            let now = Date()
            let moment = now.addingTimeInterval(-1_200)
            let minute = Calendar(identifier: .gregorian).component(.minute, from: moment)
            let schedule = try Schedule(
                "hourly figures", cron: "\(minute) * * * *", in: .gmt, catchUp: .last,
                enqueues: JobRequest(kind: "reconcile_figures", payload: JSON(text: "{}")))
            let pool = grace.house.pool
            _ = try await pool.query(Queue.declare([schedule], now: now.addingTimeInterval(-3.5 * 3_600)))
            #expect(
                try await grace.get("/api/v1/schedules")["items"]?.list?.contains { $0["name"] == "hourly figures" }
                    == true)
            for _ in 0..<2 {
                for due in try await pool.query(Queue.dueSchedules(at: now)).map({ try StoredSchedule(row: $0) }) {
                    _ = try await pool.transaction { try Queue.fire(due, now: now, in: $0) }
                }
            }
            let jobs = try await pool.query("SELECT id FROM queue.jobs WHERE kind = 'reconcile_figures'")
            #expect(jobs.count == 1)
            let shown = try await grace.get("/api/v1/schedules")["items"]?.list?.first {
                $0["name"] == "hourly figures"
            }
            guard case .integer(let late)? = shown?["last_run"]?["late_ms"] else {
                Issue.record("it is not marked: \(shown ?? .null)")
                return
            }
            // The moment is that of the minute; the clock went on since it was read.
            #expect((1_190_000...1_300_000).contains(late))
            #expect(try await grace.page("/schedules").text.contains("late: nobody was there at its moment"))
        }
    }
}
