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

    @Test func `a lost database is said in a figure`() async throws {
        try await House.with(databaseIsGone: true) { house async throws in
            #expect(try await page(of: house).value("drizzl_database_up") == 0)
        }
    }

    @Test func `only who may use the rest may see the figures`() async throws {
        try await House.with { house async throws in
            #expect(try await house.get("/metrics", headers: ["Host": "evil.example"]).status == 403)
            #expect(try await house.get("/metrics?x=1").status == 422)
        }
        try await House.with(access: .token(TokenDigest(of: "open sesame"))) { house async throws in
            #expect(try await house.get("/metrics").status == 401)
            let right = try await house.get("/metrics", headers: ["Authorization": "Bearer open sesame"])
            #expect(right.status == 200)
        }
    }

    private func page(of house: House) async throws -> PrometheusPage {
        let answer = try await house.send("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusPage(answer.text)
    }
}
