import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// A partner's tax id: masked for everyone, whole for a reason (SEC-08).
@Suite struct TaxTests {
    private static let alpha = "/api/v1/partners/\(Estate.id("alpha"))"
    private static let given = JSONValue.object(["tax_id": "12-3454321"])
    private static let why = JSONValue.object(["reason": "the bank asks"])

    @Test func `it is shown masked to the partner and to admins, and to reps not at all`() async throws {
        try await Estate.with { estate async throws in
            #expect(try await estate.get(Self.alpha, as: "al")["tax_id"] == .null)
            let put = try await estate.send("PUT", Self.alpha + "/tax-id", as: "al", body: Self.given)
            #expect(put.status == 200 && put["tax_id"] == "••-•••4321", "\(put.raw.text)")
            for name in ["al", "sue", "ned"] {
                let shown = try await estate.get(Self.alpha, as: name)
                #expect(shown["tax_id"] == "••-•••4321" && !shown.raw.text.contains("3454321"), "\(name)")
                #expect(try await estate.get("/api/v1/partners", as: name).raw.text.contains("••-•••4321"))
            }
            for name in ["rita", "max"] {
                let shown = try await estate.get(Self.alpha, as: name)
                #expect(shown.status == 200 && shown["tax_id"] == nil && !shown.raw.text.contains("4321"), "\(name)")
            }
        }
    }

    @Test func `the whole is opened with the permission alone, for a reason, and each time is kept`() async throws {
        try await Estate.with { estate async throws in
            _ = try await estate.send("PUT", Self.alpha + "/tax-id", as: "sue", body: Self.given)
            for (name, status) in [("ned", 403), ("rita", 403), ("al", 403), ("cy", 403)] {
                let refused = try await estate.send("POST", Self.alpha + "/tax-id", as: name, body: Self.why)
                #expect(refused.status == status && !refused.raw.text.contains("4321"), "\(name)")
            }
            let idle = try await estate.send("POST", Self.alpha + "/tax-id", as: "sue", body: .object([:]))
            #expect(idle.status == 422)
            let opened = try await estate.send("POST", Self.alpha + "/tax-id", as: "sue", body: Self.why)
            #expect(opened["tax_id"] == "12-3454321", "\(opened.raw.text)")
            let beta = "/api/v1/partners/\(Estate.id("beta"))/tax-id"
            #expect(try await estate.send("POST", beta, as: "sue", body: Self.why).status == 404)
            let kept = try await estate.pool.query(
                """
                SELECT action || ' ' || coalesce(reason, '') || after::text AS line FROM audit_log
                WHERE action LIKE 'partner.tax%' ORDER BY seq
                """)
            let lines = try kept.map { try $0.value("line", as: String.self) }
            #expect(
                lines == [#"partner.tax_id_set {"tax_id": "••-•••4321"}"#, "partner.tax_id_opened the bank asks{}"])
        }
    }

    @Test func `it is given by whoever edits the partner, and is one, and is sealed where it is kept`() async throws {
        try await Estate.with { estate async throws in
            for (name, status) in [("cy", 404), ("rita", 403), ("ned", 403)] {
                let refused = try await estate.send("PUT", Self.alpha + "/tax-id", as: name, body: Self.given)
                #expect(refused.status == status, "\(name): \(refused.raw.text)")
            }
            for wrong in ["12-345432", "1234-54321", "ab-cdefghi", "12-34543210"] {
                let body = JSONValue.object(["tax_id": .string(wrong)])
                let refused = try await estate.send("PUT", Self.alpha + "/tax-id", as: "al", body: body)
                #expect(refused.status == 422, "\(wrong)")
            }
            let plain = JSONValue.object(["tax_id": "123454321"])
            #expect(try await estate.send("PUT", Self.alpha + "/tax-id", as: "al", body: plain).status == 200)
            let rows = try await estate.pool.query(
                "SELECT row_to_json(p)::text AS all_of_it FROM partners p WHERE tax_id_enc IS NOT NULL")
            #expect(rows.count == 1)
            #expect(try rows[0].value("all_of_it", as: String.self).contains("3454321") == false)
        }
    }
}
