import Database
import Foundation
import Jobs
import Telemetry
import TestSupport
import Testing
import Workers

@Suite struct WorkerMetricsTests {
    @Test(.timeLimit(.minutes(10)))
    func `the figures of a worker move when its jobs run, fail and are put off`() async throws {
        try await RuntimeTestbed.with { bed in
            let metrics = WorkerMetrics()
            let handler = Doing { context in
                if context.attempt == 1 { throw JobFailure.retryAfter(.milliseconds(1), "again") }
            }
            let unknown = try await bed.enqueue("unheard of")[0]
            let job = try await bed.enqueue("do")[0]
            try await bed.working([handler], metrics: metrics) {
                _ = try await bed.until(job) { $0.summary.place == .scheduled }
                _ = try await bed.pool.query(Queue.promote(now: bed.now.addingTimeInterval(60), limit: 1))
                _ = try await bed.until(job) { $0.summary.place == .finished }
                _ = try await bed.until(unknown) { $0.summary.place == .scheduled }
            }
            let page = try PrometheusPage(PrometheusText.render(metrics.families))
            #expect(page.value("drizzl_job_attempts_total", ["kind": "do", "outcome": "failed"]) == 1)
            #expect(page.value("drizzl_job_attempts_total", ["kind": "do", "outcome": "succeeded"]) == 1)
            #expect(page.value("drizzl_job_attempts_total", ["kind": "unheard of", "outcome": "unknown_kind"]) == 1)
            #expect(page.value("drizzl_job_duration_seconds_count", ["kind": "do"]) == 2)
            #expect(page.sum("drizzl_jobs_claimed_total") == 3)
            #expect(page.value("drizzl_completion_batch_jobs_sum") == 1)
            #expect(page.value("drizzl_claims_total", ["queue": "default", "result": "found"]) ?? 0 >= 2)
            #expect(page.value("drizzl_claims_total", ["queue": "default", "result": "empty"]) ?? 0 >= 1)
            #expect(page.value("drizzl_leases_lost_total") == 0)
        }
    }
}
