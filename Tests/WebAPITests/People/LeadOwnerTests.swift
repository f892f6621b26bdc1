import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// Leads that change hands, and what follows from a change of a lead.
@Suite struct LeadOwnerTests {
    /// Another rep in the team of max, and one of somebody else's.
    private static let reps: [SQL] = [
        """
        INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, manager_id, is_active)
        VALUES (id('ron'), 'ron@drizzl.example', 'Ron', 'P', '555', 'UTC', 'E4', 'Rep', id('max'), true),
            (id('gone'), 'gone@drizzl.example', 'Gus', 'Q', '555', 'UTC', 'E5', 'Rep', id('max'), false)
        """
    ]

    private static func lead(_ estate: Estate, of name: String) async throws -> String {
        let body = JSONValue.object(["company_name": "Shop", "source": "referral", "email": "a@shop.example"])
        let made = try await estate.send("POST", "/api/v1/leads", as: name, body: body)
        return try #require(made["id"]?.text, "\(made.raw.text)")
    }

    private static func give(_ estate: Estate, _ lead: String, to rep: String, by name: String) async throws -> Answer {
        try await estate.send(
            "POST", "/api/v1/leads/\(lead)/assignment", as: name,
            body: .object(["sales_rep_id": .string(Estate.id(rep))]))
    }

    @Test func `a manager gives leads to others within the team, and nowhere else`() async throws {
        try await Estate.with(Self.reps) { estate in
            let lead = try await Self.lead(estate, of: "rita")
            let foreign = try await Self.lead(estate, of: "rob")
            #expect(try await Self.give(estate, lead, to: "rita", by: "rita").code == "role")
            #expect(try await Self.give(estate, lead, to: "rob", by: "max").status == 404)
            #expect(try await Self.give(estate, lead, to: "gone", by: "max").status == 404)
            #expect(try await Self.give(estate, foreign, to: "ron", by: "max").status == 404)
            #expect(try await Self.give(estate, lead, to: "ron", by: "rob").status == 404)
            #expect(try await Self.give(estate, lead, to: "ron", by: "al").status == 403)
            #expect(try await Self.give(estate, lead, to: "ron", by: "ned").code == "permission")
            let given = try await Self.give(estate, lead, to: "ron", by: "max")
            #expect(given["sales_rep_id"]?.text == Estate.id("ron"), "\(given.raw.text)")
            #expect(try await estate.get("/api/v1/leads/\(lead)", as: "rita").status == 404)
            #expect(try await estate.get("/api/v1/leads/\(lead)", as: "max")["sales_rep_id"]?.text == Estate.id("ron"))
            // An admin of leads gives them to anybody.
            #expect(try await Self.give(estate, lead, to: "rob", by: "sue").status == 200)
            #expect(try await estate.get("/api/v1/leads/\(lead)", as: "rob").status == 200)
        }
    }

    @Test func `what is open goes along, the new rep is told, and it is written down`() async throws {
        try await Estate.with(Self.reps) { estate in
            let lead = try await Self.lead(estate, of: "rita")
            let call = JSONValue.object([
                "type": "call", "subject": "Ask", "lead": .string(lead), "scheduled_at": "2026-03-03T18:00:00Z",
            ])
            let planned = try await estate.send("POST", "/api/v1/activities", as: "rita", body: call)
            let activity = try #require(planned["id"]?.text, "\(planned.raw.text)")
            #expect(try await Self.give(estate, lead, to: "ron", by: "max").status == 200)
            let shown = try await estate.get("/api/v1/activities/\(activity)", as: "max")
            #expect(shown["sales_rep_id"]?.text == Estate.id("ron"))
            let told = try await estate.pool.query(
                """
                SELECT count(*) AS n FROM queue.jobs WHERE kind = 'notify' AND payload ->> 'about' IS NULL
                  AND payload -> 'with' ->> 'about' = 'lead_assigned' AND payload ->> 'record' = upper(\(lead)::text)
                  AND created_at > clock_timestamp() - interval '1 minute' AND event_id IS NULL
                """)
            #expect(try told[0].value("n") == 1)
            let log = try await estate.get("/api/v1/audit-log?action=lead.change", as: "sue")
            #expect(log["items"]?.list?.first?["before"]?["sales_rep_id"]?.text == Estate.id("rita"))
            #expect(log["items"]?.list?.first?["actor_id"]?.text == Estate.id("max"))
        }
    }

    @Test func `the score follows the answers at once`() async throws {
        try await Estate.with { estate in
            let path = "/api/v1/leads/\(try await Self.lead(estate, of: "rita"))"
            func change(_ body: JSONValue) async throws -> Answer {
                try await estate.send("PATCH", path, as: "rita", body: body, headers: ["If-Match": "*"])
            }
            let best = try await change(
                .object([
                    "budget": "confirmed", "authority": "decision_maker", "need": "urgent", "timeline": "immediate",
                    "estimated_value_cents": 25_000_000,
                ]))
            #expect(best["lead_score"] == 100, "\(best.raw.text)")
            #expect(best["score_factors"]?["budget"] != nil)
            let worse = try await change(.object(["need": "exploring"]))
            #expect(worse["lead_score"] == 84, "\(worse.raw.text)")
            // The version that was answered is the one that stands.
            let tag = try #require(worse.raw.headers["etag"])
            let name = JSONValue.object(["company_name": "Other"])
            #expect(
                try await estate.send("PATCH", path, as: "rita", body: name, headers: ["If-Match": tag]).status == 200)
        }
    }
}
