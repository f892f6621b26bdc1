import Database
import Foundation
import Jobs
import TestSupport
import Testing
import WebAPI

@Suite struct MetricsTests {
    @Test func `the figures are a page that Prometheus reads, and move with the queue`() async throws {
        try await House.with { house async throws in
            let before = try await page(of: house)
            #expect(before.value("drizzl_database_up") == 1)
            #expect(before.types["drizzl_queue_jobs"] == "gauge")
            #expect(try await house.post(House.payment(384_500)).status == 200)
            let after = try await page(of: house)
            let ready = ["place": "ready", "queue": "default"]
            let queued = try await house.pool.query("SELECT count(*) AS n FROM queue.ready").first?.value(
                "n", as: Int.self)
            #expect(queued ?? 0 > 0)
            #expect(after.value("drizzl_queue_jobs", ready) == queued.map(Double.init))
            #expect(after.sum("drizzl_queue_jobs") > before.sum("drizzl_queue_jobs"))
            #expect(after.value("drizzl_queue_age_seconds", ["queue": "default"]) != nil)
        }
    }

    @Test func `a lost database is said in a figure, to who asked while it was there`() async throws {
        try await House.with { house async throws in
            #expect(try await page(of: house).value("drizzl_database_up") == 1)
            await house.pool.close()
            #expect(try await page(of: house).value("drizzl_database_up") == 0)
            let stranger = try await house.get("/metrics", headers: ["Authorization": "Bearer drz_other"])
            #expect(stranger.status == 503)
        }
    }

    @Test func `a token sees the figures if it may read and its owner may see them`() async throws {
        try await House.with { house async throws in
            let made = try await house.post(
                #"{"name": "monitor", "scopes": ["read"], "days": 30}"#, to: "/api/v1/tokens")
            #expect(made.status == 201)
            let bearer = ["Authorization": "Bearer \(made["token"]?.text ?? "")"]
            #expect(try await house.get("/metrics", headers: bearer).status == 200)
            #expect(try await house.get("/metrics?x=1").status == 422)
            _ = try await house.pool.query("UPDATE admins SET permissions = '{}'")
            #expect(try await house.get("/metrics", headers: bearer).code == "permission")
        }
    }

    private func page(of house: House) async throws -> PrometheusPage {
        let answer = try await house.send("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusPage(answer.text)
    }
}
