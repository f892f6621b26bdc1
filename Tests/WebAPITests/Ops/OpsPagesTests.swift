import Accounts
import Database
import Foundation
import Jobs
import StateMachines
import Testing

/// The ops console: what it shows to whom, and what is kept of what is done there.
@Suite struct OpsPagesTests {
    private static let root = "/admin/command-center/ops"

    private typealias Person = OpsPerson

    /// Somebody who may act.
    private func with(_ body: @escaping @Sendable (Person) async throws -> Void) async throws {
        try await Person.with(body)
    }

    /// The job that makes the invoice's PDF, and one that died.
    private func jobs(_ house: House) async throws -> (caused: JobID, dead: JobID) {
        let caused = try await house.pool.query(
            "SELECT id FROM queue.jobs WHERE event_id IS NOT NULL ORDER BY id LIMIT 1")
        let request = JobRequest(kind: "poll_carrier", payload: JSON(text: #"{"secret": "Ana Ruiz", "n": 7}"#))
        let dead = try await house.pool.query(Queue.enqueue([request], now: House.now)).map {
            try JobPlacement(row: $0).jobID
        }
        _ = try await house.pool.query(
            """
            WITH gone AS (DELETE FROM queue.ready WHERE job_id = \(dead[0])),
            tried AS (
                INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
                VALUES (\(dead[0]), 3, 3, 'default', 'failed', 'no route to <carrier> 7')
            )
            INSERT INTO queue.dead (job_id, queue, kind, attempts, lease, crashes, reason, detail, body)
            SELECT j.id, 'default', j.kind, 3, 3, 0, 'attempts', 'no route to <carrier> 7', to_jsonb(j)
            FROM queue.jobs j WHERE j.id = \(dead[0])
            """)
        return (JobID(rawValue: try #require(caused.first).value("id")), dead[0])
    }

    @Test func `whoever may look looks and is offered nothing else, and whoever may not is refused`() async throws {
        try await House.with { house async throws in
            let (ada, (caused, dead)) = (Person(house: house), try await jobs(house))
            for path in [
                "", "/jobs", "/jobs/\(dead)", "/dead", "/schedules", "/workers", "/mailbox", "/queues/default",
            ] {
                let answer = try await ada.page(path)
                #expect(answer.status == 200, "\(path): \(answer.text.suffix(600))")
                #expect(!answer.text.contains("action=\"/admin/command-center/ops/jobs/\(dead)"), "\(path)")
            }
            #expect(try await ada.page("/jobs/\(dead)").text.contains("•••"))
            #expect(try await !ada.page("/jobs/\(dead)").text.contains("Ana Ruiz"))
            #expect(try await ada.page("/jobs/bulk?action=retry&place=dead").status == 403)
            for deed in ["/jobs/\(dead)/retry", "/jobs/\(caused)/cancel", "/queues/default/pause", "/dead/discard"] {
                #expect(try await ada.press(deed, ["reason": "because"]).status == 403, "\(deed)")
            }
            try await house.demandTimeCode(false)
            try await house.person(.admin, "grace@drizzl.example", role: "manager")
            let browser = try await house.browser(.admin, "grace@drizzl.example")
            let refused = try await Person(house: house, headers: browser.headers).page()
            #expect(refused.status == 403)
            #expect(refused.text.contains("ops.read"))
        }
    }

    @Test func `a job that died is retried with its reason, which the audit log keeps`() async throws {
        try await with { grace in
            let (_, dead) = try await jobs(grace.house)
            let before = try await grace.page("/jobs/\(dead)").text
            #expect(before.contains("no route to &lt;carrier&gt; 7") && before.contains("Ana Ruiz"))
            let answer = try await grace.press("/jobs/\(dead)/retry", ["reason": "the carrier is back"])
            #expect(answer.status == 303, "\(answer.text)")
            let after = try await grace.open(answer.headers["location"]).text
            #expect(after.contains("Retried the job.") && after.contains("the carrier is back"))
            #expect(try await grace.audited("ops.retry") == ["the carrier is back"])
            // A second press finds nothing to retry, and nothing is kept of it.
            let again = try await grace.press("/jobs/\(dead)/retry", ["reason": "once more"])
            #expect(again.headers["location"]?.contains("done=not") == true)
            #expect(try await grace.audited("ops.retry").count == 1)
            #expect(try await grace.press("/jobs/\(dead)/cancel", ["reason": " "]).status == 422)
            #expect(try await grace.press("/jobs/77/cancel", ["reason": "why"]).status == 404)
        }
    }

    @Test func `an edited payload that is no JSON comes back beside its field, and one that is runs in its place`()
        async throws
    {
        try await with { grace in
            let (_, dead) = try await jobs(grace.house)
            for wrong in ["{\"n\": 7,,}", "[1]", ""] {
                let answer = try await grace.press("/jobs/\(dead)/edit", ["payload": wrong, "reason": "a typo"])
                #expect(answer.status == 422)
                #expect(answer.text.contains("id=\"edit-payload-fault\"") && answer.text.contains("value=\"a typo\""))
            }
            let answer = try await grace.press("/jobs/\(dead)/edit", ["payload": "{\"n\": 8}", "reason": "a typo"])
            #expect(answer.status == 303, "\(answer.text)")
            let page = try await grace.open(answer.headers["location"]).text
            #expect(page.contains("runs in place of job \(dead)") && page.contains("&quot;n&quot;: 8"))
            #expect(try await grace.audited("ops.edit") == ["a typo"])
        }
    }

    @Test func `a pause says who, when and why on the overview, and lasts until it is ended`() async throws {
        try await with { grace in
            _ = try await jobs(grace.house)
            let answer = try await grace.press("/queues/default/pause", ["reason": "printer change"])
            #expect(answer.status == 303)
            let page = try await grace.page().text
            #expect(page.contains("Paused") && page.contains("grace@drizzl.example") && page.contains("printer change"))
            #expect(try await grace.page().text.contains("/queues/default/resume"))
            let queues = try await grace.house.pool.run { try QueueOverview.all(in: $0) }
            #expect(queues.first { $0.queue == "default" }?.pauseReason == "printer change")
            #expect(try await grace.press("/queues/default/resume", ["reason": "done"]).status == 303)
            #expect(try await !grace.page().text.contains("printer change"))
            #expect(try await grace.audited("ops.pause") == ["printer change"])
            #expect(try await grace.press("/queues/nowhere/pause", ["reason": "x"]).status == 404)
        }
    }

    @Test func `a job leads to the transition that caused it, and the API tells the same`() async throws {
        try await with { grace in
            let (caused, _) = try await jobs(grace.house)
            let page = try await grace.page("/jobs/\(caused)").text
            let invoice = grace.house.invoice.uuidString.lowercased()
            #expect(page.contains("/admin/command-center/invoices/\(invoice)") && page.contains("INV-10001"))
            #expect(page.contains("/admin/command-center/lifecycles/invoice/\(invoice)"))
            let cause = try await grace.get("/api/v1/jobs/\(caused)/cause")
            #expect(cause["path"]?.list?.first?["record"] == "INV-10001", "\(cause.raw.text)")
            #expect(cause["path"]?.list?.first?["machine"] == "invoice")
            let siblings = try await grace.house.pool.query(
                "SELECT count(*) AS n FROM queue.jobs WHERE event_id IS NOT NULL")
            #expect(cause["jobs"]?.list?.count == (try siblings[0].value("n", as: Int.self)) - 1)
            #expect(try await grace.get("/api/v1/jobs/\(caused)/report")["lines"] == .array([]))
        }
    }

    @Test func `a search by number, state and error finds the same on the page and in the API`() async throws {
        try await with { grace in
            let (caused, dead) = try await jobs(grace.house)
            let about = try await grace.page("/jobs?subject=INV-10001").text
            #expect(about.contains("/ops/jobs/\(caused)\"") && !about.contains("/ops/jobs/\(dead)\""))
            let lost = try await grace.page("/jobs?place=dead&error=carrier").text
            #expect(lost.contains("/ops/jobs/\(dead)\"") && !lost.contains("/ops/jobs/\(caused)\""))
            #expect(try await grace.page("/jobs?subject=INV-7").text.contains("Nothing is called “INV-7”"))
            let found = try await grace.get("/api/v1/jobs?place=dead&error=carrier")
            #expect(found["items"]?.list?.map { $0["id"] } == [.string("\(dead)")], "\(found.raw.text)")
            #expect(found["next_cursor"] == .null)
            #expect(try await grace.get("/api/v1/jobs/count?subject=INV-7")["jobs"] == 0)
            #expect(try await grace.get("/api/v1/jobs?cursor=x").status == 422)
        }
    }

    @Test func `what was chosen is retried, and what a search finds becomes a job of its own`() async throws {
        try await with { grace in
            let (_, dead) = try await jobs(grace.house)
            let question = try await grace.page("/jobs/bulk?action=retry&place=dead").text
            #expect(question.contains("1 job") && question.contains("Retry 1 job"))
            let wish = try await grace.press(
                "/jobs/bulk", ["action": "retry", "place": "dead", "reason": "all of them"])
            #expect(wish.status == 303, "\(wish.text)")
            let kinds = try await grace.house.pool.query("SELECT kind FROM queue.jobs ORDER BY id DESC LIMIT 1")
            #expect(try kinds[0].value("kind") == BulkWish.kind)
            #expect(try await grace.press("/jobs/bulk", ["action": "cancel", "reason": "all"]).status == 400)
            let chosen = try await grace.press(
                "/jobs/chosen", ["deed": "retry", "job.\(dead)": "on", "place": "dead", "reason": "this one"])
            #expect(chosen.headers["location"] == Self.root + "/jobs?place=dead&done=retried&n=1&all=1")
            #expect(try await grace.audited("ops.retry") == ["this one"])
        }
    }

    @Test func `dead letters stand in groups, which are given up together`() async throws {
        try await with { grace in
            _ = try await jobs(grace.house)
            let (_, dead) = try await jobs(grace.house)
            let page = try await grace.page("/dead").text
            #expect(page.contains("2 dead letters in 1 group"), "\(page)")
            let group = ["kind": "poll_carrier", "cause": "attempts", "error": "no route to <carrier> #"]
            #expect(try await grace.get("/api/v1/jobs/dead")["groups"]?.list?.first?["letters"] == 2)
            let answer = try await grace.press("/dead/discard", group.merging(["reason": "gone for good"]) { $1 })
            #expect(answer.headers["location"]?.contains("n=2&all=2") == true, "\(answer.text)")
            #expect(try await grace.page("/dead").text.contains("No dead letters"))
            #expect(try await grace.page("/jobs/\(dead)").text.contains("gone for good"))
        }
    }

    @Test func `a mail is found by its address, and shows no link that lets somebody in`() async throws {
        try await with { grace in
            try await grace.house.keepMail(
                subject: "Your account", text: "Go to https://x.example/reset?token=abc-DEF_9 now")
            let list = try await grace.page("/mailbox?recipient=GREENLEAF&state=kept").text
            let path = try #require(list.firstMatch(of: /href="(\/admin\/command-center\/ops\/mailbox\/[0-9a-f-]+)"/)).1
            let mail = try await grace.open(String(path)).text
            #expect(mail.contains("Your account") && mail.contains("token=(hidden)") && !mail.contains("abc-DEF"))
            let found = try await grace.get("/api/v1/emails?subject=account")
            #expect(found["items"]?.list?.count == 1, "\(found.raw.text)")
            #expect(try await grace.get("/api/v1/emails?recipient=nobody")["items"]?.list?.isEmpty == true)
        }
    }

    @Test func `a schedule says its rule in words, and runs once when it is told to`() async throws {
        try await with { grace in
            let schedule = try Schedule(
                "reconcile figures", cron: "0 3 * * *", in: House.zone, catchUp: .last,
                enqueues: JobRequest(kind: "reconcile_figures", payload: JSON(text: "{}"), uniqueKey: "nightly"))
            _ = try await grace.house.pool.query(Queue.declare([schedule], now: House.now))
            #expect(try await grace.page("/schedules").text.contains("Every day at 3:00 AM"))
            let first = try await grace.press("/schedules/reconcile%20figures/run", ["reason": "now"])
            let second = try await grace.press("/schedules/reconcile%20figures/run", ["reason": "now"])
            #expect(first.headers["location"]?.contains("done=asked") == true, "\(first.text)")
            #expect(second.headers["location"]?.contains("done=runs") == true)
            let jobs = try await grace.house.pool.query("SELECT id FROM queue.jobs WHERE kind = 'reconcile_figures'")
            #expect(jobs.count == 1)
            #expect(
                try await grace.press("/schedules/reconcile%20figures/pause", ["reason": "month end"]).status == 303)
            let page = try await grace.page("/schedules").text
            #expect(page.contains("month end") && page.contains("Turn on"))
        }
    }
}
