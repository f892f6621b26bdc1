import Database
import Foundation
import StateMachines
import TestSupport
import Testing

@testable import Portals

/// Lifecycles and oversight over the demo data, by the real program.
@Suite struct LifecyclePagesTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    /// Everything that a move could leave behind.
    private static let traces = [
        "workflow_events", "workflow_commands", "workflow_timers", "workflow_attention", "workflow_refusals",
        "payments", "payment_allocations", "outbound_emails", "notifications", "audit_log", "commissions",
        "queue.jobs", "queue.ready", "queue.scheduled",
    ]

    /// One site for all of it, since planting the demo takes longer than most checks.
    @Test func `lifecycles and oversight hold over the demo data`() async throws {
        try await DemoSite.with { site in
            let dana = try site.signIn("dana")
            try await countsEqualSQL(site, dana)
            try await whatIfChangesNothing(site, dana)
            try await refusalsSayWhy(site, dana)
            try await timersEqualSQL(site, dana)
            try await auditLogIsWholeAndExported(site, dana)
            try strangersAreTurnedAway(site)
        }
    }

    private func countsEqualSQL(_ site: DemoSite, _ dana: DemoSite.Person) async throws {
        for machine in WorkflowFiles.load(directory: Self.root.appending(path: "workflows")).files.machines {
            let page = try site.get("/admin/command-center/lifecycles/\(machine.name)", as: dana)
            #expect(page.status == 200, "\(machine.name)")
            for state in machine.states {
                let found = page.text.firstMatch(
                    of: try Regex(
                        #"data-state="\#(state.name)".*?class="count-of"[^>]*>(\d+)<"#, as: (Substring, Substring).self
                    ).dotMatchesNewlines())
                let counted = try await ScratchDatabase.rows(
                    site.url,
                    "SELECT count(*) FROM \(machine.entity) WHERE \(machine.field) = '\(state.name)'")
                #expect(found.flatMap { Int($0.1) } == counted.first, "\(machine.name) in \(state.name)")
            }
            let shown = page.text.matches(
                of: /<td[^>]*data-label="To">([^<]*)<\/td>\s*<td[^>]*data-label="Made">([^<]*)</
            )
            .filter { $0.1 != "stays" }.reduce(0) { $0 + (Int($1.2.filter(\.isNumber)) ?? 0) }
            let made = try await ScratchDatabase.rows(
                site.url,
                """
                SELECT count(*) FROM workflow_events WHERE machine = '\(machine.name)'
                    AND kind IN ('create', 'move', 'correction') AND at > now() - interval '24 hours'
                    AND from_state IS DISTINCT FROM to_state
                """)
            #expect([shown] == made, "\(machine.name)")
        }
    }

    private func whatIfChangesNothing(_ site: DemoSite, _ dana: DemoSite.Person) async throws {
        let id = try invoice(in: "overdue", site, dana)
        let path = "/admin/command-center/invoices/\(id)"
        let due = try await ScratchDatabase.rows(
            site.url, "SELECT amount_due_cents FROM invoices WHERE id = '\(id)'")
        let amount = try #require(due.first)
        let form = try site.get(path, as: dana).form(
            "move-record_payment",
            [
                "input.amount": "\(amount / 100).\(amount % 100 < 10 ? "0" : "")\(amount % 100)",
                "input.method": "check", "input.reference": "CHK-IF", "input.received_on": "2026-01-05",
            ])
        let before = try await written(site)
        let page = try site.post("/admin/command-center/what-if/invoice/\(id)", form, as: dana)
        #expect(page.status == 200, "\(page.text)")
        for text in ["Nothing has been changed", "Overdue → Paid", "is called off", "Mails", "Do it: Record payment"] {
            #expect(page.text.contains(text), "\(text)")
        }
        #expect(try await written(site) == before)
        // The same form with the real button does what was shown.
        let done = try site.post(path + "/moves", form, as: dana)
        #expect(done.status == 303 && done.location?.hasPrefix(path) == true, "\(done.text)")
        let steps = try site.get("/admin/command-center/lifecycles/invoice/\(id)", as: dana)
        for text in ["Record a payment", "Dana Lee", "Overdue → Paid", "arrow walked", "state tone-success final here"]
        {
            #expect(steps.text.contains(text), "\(text)")
        }
        #expect(steps.text.contains("href=\"\(path)\""))
        let jobs = try await ScratchDatabase.rows(site.url, "SELECT id FROM queue.jobs WHERE record_id = '\(id)'")
        #expect(jobs.contains { steps.text.contains("href=\"/admin/command-center/ops/jobs/\($0)\"") })
    }

    /// The one that has been in a state longest.
    private func invoice(in state: String, _ site: DemoSite, _ dana: DemoSite.Person) throws -> String {
        let page = try site.get("/admin/command-center/lifecycles/invoice?state=\(state)", as: dana).text
        return String(
            try #require(page.firstMatch(of: /href="\/admin\/command-center\/lifecycles\/invoice\/([0-9a-f-]{36})"/)).1)
    }

    /// Counts of everything that a move could leave behind.
    private func written(_ site: DemoSite) async throws -> [Int] {
        try await ScratchDatabase.rows(
            site.url,
            Self.traces.map { "SELECT count(*) FROM \($0)" }.joined(separator: " UNION ALL ")
                + " UNION ALL SELECT sum(hashtext(i::text)) FROM invoices i"
                + " UNION ALL SELECT sum(hashtext(o::text)) FROM orders o"
                + " UNION ALL SELECT sum(hashtext(t::text)) FROM workflow_timers t")
    }

    private func refusalsSayWhy(_ site: DemoSite, _ dana: DemoSite.Person) async throws {
        let path = "/admin/command-center/invoices/\(try invoice(in: "pending", site, dana))"
        let form = try site.get(path, as: dana).form(
            "move-record_payment",
            [
                "input.amount": "0.01", "input.method": "check", "input.reference": "CHK-NO",
                "input.received_on": "2026-01-05", "seq": "0",
            ])
        #expect(try site.post(path + "/moves", form, as: dana).status == 409)
        let page = try site.get("/admin/command-center/ops/refusals?machine=invoice", as: dana)
        for text in [
            "Record a payment", "Dana Lee, admin", "It was changed meanwhile", "changed_meanwhile",
            "Waiting for payment",
        ] {
            #expect(page.text.contains(text), "\(text)")
        }
        #expect(try !site.get("/admin/command-center/ops/refusals?machine=lead", as: dana).text.contains("CHK-NO"))
        let diagram = try site.get("/admin/command-center/lifecycles/invoice", as: dana).text
        #expect(diagram.contains("<tspan class=\"refused\">×1</tspan>"))
    }

    private func timersEqualSQL(_ site: DemoSite, _ dana: DemoSite.Person) async throws {
        var (path, keys): (String?, [String]) = ("/admin/command-center/ops/timers?machine=invoice", [])
        while let next = path {
            let page = try site.get(next, as: dana)
            #expect(page.status == 200)
            keys += page.text.matches(of: /<tr role="row" data-key="([^"]+)"/).map { String($0.1) }
            path = page.text.firstMatch(of: /href="([^"]*after=[^"]*)"/).map {
                String($0.1).replacing("&amp;", with: "&")
            }
        }
        let armed = try await ScratchDatabase.rows(
            site.url, "SELECT count(*) FROM workflow_timers WHERE machine = 'invoice' AND timer ~ '^[a-z]'")
        #expect([Set(keys).count] == armed && keys.count == armed.first)
        #expect(try site.get("/admin/command-center/ops/timers?after=nonsense", as: dana).status == 422)
    }

    private func auditLogIsWholeAndExported(_ site: DemoSite, _ dana: DemoSite.Person) async throws {
        let page = "/admin/command-center/audit"
        #expect(try site.get(page + "?verify=chain", as: dana).text.contains("The chain is whole"))
        let filtered = try site.get(page + "?action=partner.approve", as: dana).text
        let numbers = filtered.matches(of: /<tr role="row" data-key="(\d+)"/).map { String($0.1) }
        #expect(!numbers.isEmpty && filtered.contains("<del>Waiting for approval</del> → <ins>Active</ins>"))
        let file = try site.get(page + "/export.csv?action=partner.approve", as: dana).text
        let lines = file.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != "," } }.map(String.init)
        let stored = try await ScratchDatabase.rows(
            site.url, "SELECT count(*) FROM audit_log WHERE action = 'partner.approve'")
        #expect(Array(lines.prefix(numbers.count)) == numbers && [lines.count] == stored)
        let last = try await ScratchDatabase.rows(site.url, "SELECT max(seq) - 2 FROM audit_log")
        let broken = try #require(last.first)
        try await ScratchDatabase.plant(
            site.url, ["UPDATE audit_log SET reason = 'other words' WHERE seq = \(broken)"])
        let found = try site.get(page + "?verify=chain", as: dana).text
        #expect(found.contains("The chain breaks at entry \(broken)"))
    }

    private func strangersAreTurnedAway(_ site: DemoSite) throws {
        let nobody = UUID().uuidString.lowercased()
        let marcus = try site.signIn("marcus")
        for path in [
            "lifecycles", "lifecycles/order", "ops/timers", "ops/refusals", "alerts", "audit", "audit/export.csv",
        ] {
            #expect(try site.get("/admin/command-center/\(path)", as: marcus).status == 403, "\(path)")
            #expect(try site.get("/admin/command-center/\(path)").status == 303, "\(path)")
        }
        let sam = try site.signIn("sam")
        for path in [
            "lifecycles/nothing", "lifecycles/order/\(nobody)", "lifecycles/order/7", "lifecycles/x/\(nobody)",
        ] {
            #expect(try site.get("/admin/command-center/\(path)", as: sam).status == 404, "\(path)")
        }
        #expect(try site.post("/admin/command-center/what-if/order/\(nobody)", "move=cancel", as: sam).status == 403)
    }
}
