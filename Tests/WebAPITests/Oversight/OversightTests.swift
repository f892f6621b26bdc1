import Accounts
import Database
import Foundation
import Jobs
import StateMachines
import Testing

@testable import WebAPI

/// What is opened for a reason, and what operators do: both are kept (SEC-07, SEC-10).
@Suite struct OversightTests {
    private static let planted: [SQL] = [
        "INSERT INTO leads (id, sales_rep_id) VALUES (id('lead'), id('rita'))",
        """
        INSERT INTO lead_notes (id, lead_id, sales_rep_id, note, is_private) VALUES
            (id('secret'), id('lead'), id('rita'), 'hush hush', true), (id('open'), id('lead'), id('rita'), 'aloud', false)
        """,
        """
        INSERT INTO partner_notes (id, partner_id, author_kind, author_id, note, is_private)
        VALUES (id('of alpha'), id('alpha'), 'sales_rep', id('rita'), 'owes a favour', true)
        """,
        "INSERT INTO conversations (id, kind) VALUES (id('talk'), 'direct')",
        """
        INSERT INTO messages (id, conversation_id, seq, sender_kind, sender_id, sender_name, body, message_type, sent_at)
        VALUES (id('word'), id('talk'), 1, 'sales_rep', id('rita'), 'Rita', 'between us', 'text', now())
        """,
        "INSERT INTO admins (id, email, first_name, last_name, role) VALUES (id('zed'), 'zed@drizzl.example', 'Z', 'Z', 'admin')",
    ]
    private static let doors = [
        ("/api/v1/leads/\(Estate.id("lead"))/private-notes", "hush hush", "notes.breakglass", "lead"),
        ("/api/v1/partners/\(Estate.id("alpha"))/private-notes", "owes a favour", "notes.breakglass", "partner"),
        ("/api/v1/conversations/\(Estate.id("talk"))/oversight", "between us", "messages.oversight", "conversation"),
    ]
    private static let reason: JSONValue = .object(["reason": "a complaint"])

    @Test func `private words are opened by permission, with one entry for each opening`() async throws {
        try await Estate.with(isLoose: true, Self.planted) { estate in
            for (path, words, action, subject) in Self.doors {
                for stranger in ["ned", "rob", "max", "al"] {
                    let answer = try await estate.send("POST", path, as: stranger, body: Self.reason)
                    #expect(answer.status == 403, "\(path) as \(stranger)")
                    #expect(!answer.raw.text.contains(words))
                }
                #expect(try await estate.send("POST", path, as: "sue", body: .object([:])).status == 422)
                #expect(try await entries(estate, action, subject).isEmpty)
                for count in 1...2 {
                    let answer = try await estate.send("POST", path, as: "sue", body: Self.reason)
                    #expect(answer.status == 200 && answer.raw.text.contains(words), "\(answer.raw.text)")
                    #expect(!answer.raw.text.contains("aloud"))
                    let kept = try await entries(estate, action, subject)
                    #expect(kept.count == count)
                    #expect(try kept.last?.value("reason", as: String.self) == "a complaint")
                    #expect(try kept.last?.value("actor_id", as: UUID.self).uuidString.lowercased() == Estate.id("sue"))
                }
                let other = path.replacing(/[0-9a-f-]{36}/, with: UUID().uuidString)
                #expect(try await estate.send("POST", other, as: "sue", body: Self.reason).status == 404)
            }
            #expect(try await estate.get("/api/v1/lead-notes", as: "sue").raw.text.contains("aloud"))
            #expect(try await !estate.get("/api/v1/lead-notes", as: "sue").raw.text.contains("hush"))
            let breaks = try await estate.pool.query("SELECT audit_log_first_break() AS seq").first
            #expect(try breaks?.optional("seq", as: Int64.self) == nil)
        }
    }

    private func entries(_ estate: Estate, _ action: String, _ subject: String) async throws -> [Row] {
        try await estate.pool.query(
            """
            SELECT actor_kind, actor_id, reason, after::text AS after FROM audit_log
            WHERE action = \(action) AND subject_type = \(subject) ORDER BY seq
            """)
    }

    @Test func `what operators do is in the audit log, with who and why`() async throws {
        try await Estate.with { estate in
            _ = try await estate.pool.query("INSERT INTO queue.queues (name) VALUES ('mail')")
            let body = JSONValue.object(["reason": "the mail server moves"])
            let asked = { (path: String) in try await estate.send("POST", "/api/v1" + path, as: "sue", body: body) }
            #expect(try await asked("/queues/mail/pause").status == 200)
            #expect(try await asked("/queues/mail/resume")["resumed"] == true)
            for (action, subject) in [("ops.pause", "queue"), ("ops.resume", "queue")] {
                let kept = try await entries(estate, action, subject)
                #expect(kept.count == 1)
                #expect(try kept.first?.value("actor_id", as: UUID.self).uuidString.lowercased() == Estate.id("sue"))
                #expect(try kept.first?.value("reason", as: String.self) == "the mail server moves")
                #expect(try kept.first?.value("after", as: String.self).contains("\"mail\"") == true)
            }
        }
    }

    @Test func `without the permission nobody reads the queue, by the database too`() async throws {
        try await Estate.with { estate in
            let demand = { (name: String) in
                try await estate.pool.run { session in
                    let enter = Credential(token: "token of \(name)", portal: nil).enter(now: House.now)
                    _ = try session.pipeline([enter, OpsDesk.demand])
                }
            }
            try await demand("sue")
            for stranger in ["ned", "rob", "al", "nobody"] {
                let error = await #expect(throws: DatabaseError.self) { try await demand(stranger) }
                #expect(error.map(Scoping.isRefusal) == true)
            }
            // The role of visitors has no rights to it at all, whoever they are.
            for table in ["jobs", "ready", "dead", "leases", "workers", "schedules", "operations", "attempts"] {
                let error = await #expect(throws: DatabaseError.self) {
                    try await estate.pool.run { session in
                        _ = try session.pipeline([
                            Credential(token: "token of sue", portal: nil).enter(now: House.now), Credential.asVisitor,
                            "SELECT FROM queue.\(unsafeUnescaped: table)",
                        ])
                    }
                }
                #expect(error?.sqlState == "42501", "\(table)")
            }
        }
    }

    @Test func `a schedule is held with its reason, run by hand and let go`() async throws {
        try await Estate.with { estate in
            let schedule = try Schedule(
                "nightly", cron: "0 3 * * *", in: .gmt, catchUp: .last,
                enqueues: JobRequest(kind: "reconcile_figures", payload: JSON(text: "{}")))
            _ = try await estate.pool.query(Queue.declare([schedule], now: House.now))
            // As a newer program would store it, with a zone that is unknown here.
            _ = try await estate.pool.query(
                """
                INSERT INTO queue.schedules (name, expression, zone, catch_up, request, next_fire_at, paused_at)
                SELECT 'newer', expression, 'Mars/Olympus', catch_up, request, next_fire_at + interval '1 day', now()
                FROM queue.schedules
                """)
            let body = JSONValue.object(["reason": "stocktaking"])
            let asked = { (path: String, name: String) in
                try await estate.send("POST", "/api/v1/schedules/" + path, as: name, body: body)
            }
            #expect(try await asked("nightly/run-now", "ned").status == 403)
            #expect(try await asked("nightly/pause", "sue")["paused"] == true)
            let shown = try await estate.get("/api/v1/schedules", as: "sue")["items"]?.list?.first
            #expect(shown?["pause_reason"] == "stocktaking" && shown?["paused_by"] == "sue@drizzl.example")
            let run = try await asked("nightly/run-now", "sue")
            #expect(run["is_created"] == true, "\(run.raw.text)")
            let job = try #require(run["job"]?.text)
            #expect(try await estate.get("/api/v1/jobs/\(job)", as: "sue")["kind"] == "reconcile_figures")
            #expect(try await asked("none/run-now", "sue").status == 404)
            #expect(try await asked("newer/run-now", "sue")["code"] == "schedule_unreadable")
            #expect(try await asked("newer/resume", "sue").status == 409)
            #expect(try await asked("nightly/resume", "sue")["paused"] == false)
            #expect(try await entries(estate, "ops.run_now", "job").count == 1)
            #expect(try await entries(estate, "ops.pause", "schedule").count == 1)
        }
    }

    @Test func `a dead job runs again with another payload`() async throws {
        try await Estate.with { estate in
            _ = try await estate.pool.run { session in
                try session.pipeline([
                    """
                    INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
                    VALUES (7, 'do', 'default', 1, 5, '{"n": 1}')
                    """,
                    """
                    INSERT INTO queue.dead (job_id, queue, kind, attempts, lease, crashes, reason, body)
                    SELECT 7, 'default', 'do', 3, 3, 0, 'attempts', to_jsonb(j) FROM queue.jobs j WHERE j.id = 7
                    """,
                ])
            }
            let body = JSONValue.object(["reason": "a typo", "payload": .object(["n": 2])])
            let edited = try await estate.send("POST", "/api/v1/jobs/7/edit", as: "sue", body: body)
            #expect(edited["done"] == true, "\(edited.raw.text)")
            let job = try #require(edited["replacement"]?.text)
            #expect(try await estate.get("/api/v1/jobs/\(job)", as: "sue")["payload"] == .object(["n": 2]))
            #expect(try await estate.send("POST", "/api/v1/jobs/8/edit", as: "sue", body: body).status == 404)
            #expect(try await entries(estate, "ops.edit", "job").count == 1)
        }
    }

    @Test func `workers, timers and what waits for people are shown, and closed with a note`() async throws {
        let task: SQL = """
            INSERT INTO workflow_attention (id, machine, record_id, task)
            VALUES (id('task'), 'lead', id('lead'), 'refused_service')
            """
        let timer: SQL = """
            INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
            VALUES ('lead', id('lead'), 'rot', now(), 1, now(), now())
            """
        try await Estate.with(isLoose: true, Self.planted + [task, timer]) { estate in
            _ = try await estate.pool.query(
                """
                INSERT INTO queue.workers (id, name, queues, kinds, expires_at)
                VALUES (1, 'host/1', '{default}', '{do}', now() + interval '1 hour')
                """)
            let workers = try await estate.get("/api/v1/workers", as: "sue")
            #expect(workers["items"]?.list?.first?["name"] == "host/1", "\(workers.raw.text)")
            #expect(try await estate.get("/api/v1/workers", as: "ned").status == 403)
            let timers = try await estate.get("/api/v1/timers?sort=fire_at&machine=lead", as: "sue")
            #expect(timers["items"]?.list?.first?["timer"] == "rot", "\(timers.raw.text)")
            let path = "/api/v1/attention/\(Estate.id("task"))"
            #expect(try await estate.get(path, as: "rita")["is_open"] == true)
            #expect(try await estate.get(path, as: "rob").status == 404)
            let note = JSONValue.object(["note": "called them"])
            #expect(try await estate.send("POST", path + "/resolve", as: "rita", body: note).status == 403)
            #expect(try await estate.send("POST", path + "/resolve", as: "sue", body: note).status == 204)
            #expect(try await estate.send("POST", path + "/resolve", as: "sue", body: note).status == 409)
            #expect(try await estate.get(path, as: "rita")["note"] == "called them")
            #expect(try await entries(estate, "attention.resolve", "lead").count == 1)
        }
    }
}
