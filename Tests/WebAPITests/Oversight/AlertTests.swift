import Accounts
import Database
import Foundation
import StateMachines
import TestSupport
import Testing

/// Alerts, who has taken note of them, and what the menu counts.
@Suite struct AlertTests {
    /// A job that died, of its own kind.
    private func die(_ job: Int64, of kind: String, _ estate: Estate) async throws {
        _ = try await estate.pool.run { session in
            try session.pipeline([
                """
                INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
                VALUES (\(job), \(kind), 'default', 1, 5, '{}')
                """,
                """
                INSERT INTO queue.dead (job_id, queue, kind, attempts, lease, crashes, reason, detail, body)
                SELECT j.id, 'default', j.kind, 3, 3, 0, 'attempts', 'no route', to_jsonb(j)
                FROM queue.jobs j WHERE j.id = \(job)
                """,
            ])
        }
    }

    private func alert(_ estate: Estate) async throws -> JSONValue? {
        try await estate.get("/api/v1/alerts", as: "sue")["alerts"]?.list?.first { $0["subject"]?.text == "print" }
    }

    private func acknowledge(_ estate: Estate, as name: String, _ note: String) async throws -> Answer {
        try await estate.send(
            "POST", "/api/v1/alerts/acknowledge", as: name,
            body: .object(["kind": "dead_jobs", "subject": "print", "note": .string(note)]))
    }

    @Test func `an alert is acknowledged by whoever is first, until it is over`() async throws {
        try await Estate.with { estate in
            #expect(try await acknowledge(estate, as: "sue", "x").status == 404)
            try await die(7, of: "print", estate)
            #expect(try await alert(estate)?["acknowledged"] == .null)
            #expect(try await acknowledge(estate, as: "ned", "x").status == 403)
            let first = try await acknowledge(estate, as: "sue", "the printer is being mended")
            #expect(first.status == 200 && first["acknowledged"]?["by"] == "Sue A", "\(first.raw.text)")
            let second = try await acknowledge(estate, as: "sue", "again")
            #expect(second["acknowledged"]?["note"] == "the printer is being mended")
            let kept = try await estate.pool.query(
                "SELECT reason, actor_id, after::text AS after FROM audit_log WHERE action = 'alert.acknowledge'")
            #expect(kept.count == 1)
            #expect(try kept.first?.value("actor_id", as: UUID.self).uuidString.lowercased() == Estate.id("sue"))
            #expect(try kept.first?.value("after", as: String.self).contains("print") == true)
            // More of the same are the same.
            try await die(8, of: "print", estate)
            let more = try await alert(estate)
            #expect(more?["count"] == 2 && more?["acknowledged"]?["by"] == "Sue A")
            // When it is over, so is the note: what comes later is another one.
            _ = try await estate.pool.query("DELETE FROM queue.dead")
            #expect(try await alert(estate) == nil)
            #expect(try await estate.pool.query("SELECT FROM alert_notes").isEmpty)
            try await die(9, of: "print", estate)
            #expect(try await alert(estate)?["acknowledged"] == .null)
        }
    }

    @Test func `an alert that ended and came back while nobody looked is another one`() async throws {
        try await Estate.with { estate in
            try await die(7, of: "print", estate)
            _ = try await acknowledge(estate, as: "sue", "")
            _ = try await estate.pool.query("DELETE FROM queue.dead")
            try await die(8, of: "print", estate)
            let back = try await alert(estate)
            #expect(back != nil && back?["acknowledged"] == .null, "\(back ?? .null)")
        }
    }

    @Test func `it is acknowledged on the page, which says who knows`() async throws {
        try await House.with { house async throws in
            try await house.demandTimeCode(false)
            try await house.person(.admin, "grace@drizzl.example", role: "super_admin")
            let browser = try await house.browser(.admin, "grace@drizzl.example")
            let headers = browser.headers.merging(["Accept": "text/html"]) { $1 }
            let request = """
                INSERT INTO queue.dead (job_id, queue, kind, attempts, lease, crashes, reason, detail, body)
                VALUES (7, 'default', 'print', 3, 3, 0, 'attempts', 'no route', '{}')
                """ as SQL
            _ = try await house.pool.query(request)
            let path = "/admin/command-center/alerts"
            #expect(try await house.send("GET", path, headers: headers).text.contains("Acknowledge"))
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let answer = try await house.send(
                "POST", path + "/acknowledge", headers: headers.merging(form) { $1 },
                body: Array("kind=dead_jobs&subject=print&note=on+it".utf8))
            #expect(answer.status == 303, "\(answer.text)")
            let page = try await house.send("GET", answer.headers["location"] ?? "", headers: headers).text
            #expect(page.contains("Acknowledged") && page.contains("“on it”"))
            let late = try await house.send(
                "POST", path + "/acknowledge", headers: headers.merging(form) { $1 },
                body: Array("kind=dead_jobs&subject=fax".utf8))
            #expect(late.status == 404 && late.text.contains("it is over"), "\(late.text)")
        }
    }

    @Test func `the menu counts what waits, of what one may see`() async throws {
        let applied: SQL = """
            INSERT INTO partners (id, business_name, status, status_since)
            VALUES (id('new'), 'New Cafe', 'pending', now())
            """
        try await Estate.with(isLoose: true, [applied]) { estate in
            for id: Int64 in [7, 8] { try await die(id, of: "print", estate) }
            let counts = try await estate.get("/api/v1/counts", as: "sue")
            #expect(counts["dead_jobs"] == 2 && counts["alerts"] == 1 && counts["approvals"] == 1, "\(counts.raw.text)")
            #expect(try await acknowledge(estate, as: "sue", "").status == 200)
            try await eventually("the menu counts it no more") {
                try await estate.get("/api/v1/counts", as: "sue")["alerts"] == 0
            }
            let others = try await estate.get("/api/v1/counts", as: "ned")
            #expect(others["dead_jobs"] == .null && others["alerts"] == .null && others["approvals"] == 1)
            #expect(try await estate.get("/api/v1/counts", as: "rita").status == 403)
        }
    }
}
