import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// What somebody of the company does to money is kept with who, what and what it changed (A-06, A-12, SEC-10).
@Suite struct AuditedMoveTests {
    private static let invoice = "/admin/command-center/invoices/\(Estate.id("invoice"))"

    @Test(arguments: [
        (
            "record_payment",
            [
                "input.amount": "100.00", "input.received_on": "2026-03-02", "input.reference": "CHK-9",
                "input.method": "check",
            ]
        ),
        ("issue_credit_note", ["input.amount": "10.00", "input.reason": "goodwill"]),
        ("waive_late_fee", ["input.number": "1", "input.reason": "Our fault"]),
        ("dispute", ["input.reason": "Half was missing"]), ("write_off", ["input.reason": "Gone"]),
        ("promise_to_pay", ["input.pay_on": "2026-03-20"]),
    ])
    func `each decision on an invoice is one entry of who made it`(move: String, inputs: [String: String]) async throws
    {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let done = try await estate.press(Self.invoice, move, inputs, as: "sue")
            #expect(done.status == 303, "\(done.text)")
            let kept = try await estate.pool.query(
                """
                SELECT subject_id, reason, before IS DISTINCT FROM after AS is_different FROM audit_log
                WHERE action = \("invoice." + move) AND actor_kind = 'admin'
                """)
            #expect(kept.count == 1)
            #expect(try kept.first?.value("subject_id", as: UUID.self).uuidString.lowercased() == Estate.id("invoice"))
            #expect(try kept.first?.value("is_different", as: Bool.self) == true)
            #expect(
                try kept.first?.optional("reason", as: String.self)
                    == (move == "issue_credit_note" ? "goodwill" : inputs["input.reason"]))
            let breaks = try await estate.pool.query("SELECT audit_log_first_break() AS seq").first
            #expect(try breaks?.optional("seq", as: Int64.self) == nil)
        }
    }

    @Test func `what is refused, or done by nobody of the company, leaves no entry`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let refused = try await estate.press(Self.invoice, "record_payment", ["input.amount": "x"], as: "sue")
            #expect(refused.status == 422)
            let body = JSONValue.object([
                "move": "dispute", "inputs": .object(["reason": "Half was missing"]),
            ])
            let own = try await estate.send(
                "POST", "/api/v1/invoices/\(Estate.id("invoice"))/transitions", as: "al", body: body,
                headers: ["Idempotency-Key": UUID().uuidString])
            #expect(own.status == 200, "\(own.raw.text)")
            #expect(
                try await estate.pool.query("SELECT 1 AS one FROM audit_log WHERE subject_type = 'invoice'").isEmpty)
        }
    }

    @Test func `a payout is shown before it is run, paid once, and kept`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let path = "/admin/command-center/payout-run"
            let page = try await estate.page(path, as: "sue").text
            #expect(page.contains("February 2026") && page.contains("Rita D") && page.contains("Pay $2.00 to 2 reps"))
            #expect(try await estate.page(path, as: "ned").status == 403)
            #expect(try await estate.page(path + "?month=2026-03", as: "sue").status == 422)
            let stale = try await estate.send(form: ["month": "2026-02", "total": "$9.00"], to: path, as: "sue")
            #expect(stale.status == 409 && stale.text.contains("Nothing was paid"))
            let form = ["month": "2026-02", "total": "$2.00"]
            let done = try await estate.send(form: form, to: path, as: "sue")
            #expect(done.status == 303, "\(done.text)")
            #expect(try await estate.states("commissions") == ["paid", "paid", "pending"])
            #expect(try await estate.audited(by: "sue") == ["payout.run"])
            let list = try await estate.page(done.headers["location"] ?? "", as: "sue").text
            #expect(list.contains("Feb 2026") && list.contains("Rita D") && list.contains("The payout is run."))
            let one = try #require(list.firstMatch(of: /href="(\/admin\/command-center\/payouts\/[0-9a-f-]{36})"/)).1
            let payout = try await estate.page(String(one), as: "sue").text
            #expect(payout.contains("$1.00") && payout.contains("The statement is not made yet"))
            let again = try await estate.send(
                "POST", "/api/v1/payout-runs", as: "sue", body: .object(["month": "2026-02"]))
            #expect(again.status == 200 && again["payouts"]?.list?.count == 2, "\(again.raw.text)")
            #expect(try await estate.get("/api/v1/payout-runs?month=2026-02", as: "sue")["reps"]?.list?.isEmpty == true)
        }
    }
}
