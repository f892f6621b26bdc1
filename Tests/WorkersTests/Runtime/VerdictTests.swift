import Jobs
import Testing

@testable import Workers

@Suite struct VerdictTests {
    private func verdict(_ error: any Error, attempt: Int = 1, limit: Int = 20, _ retry: RetryPolicy = .database)
        -> Verdict
    {
        var generator = SystemRandomNumberGenerator()
        return .onFailure(error, attempt: attempt, limit: limit, retry: retry, using: &generator)
    }

    @Test func `an unknown error is tried again by the policy, and only its type is told`() throws {
        struct Secret: Error { let password = "hunter2" }
        guard case .postponed(.failed, let pause, let reason) = verdict(Secret(), attempt: 2) else {
            Issue.record("not postponed")
            return
        }
        #expect(pause >= .seconds(4) * 0.8 && pause <= .seconds(4) * 1.2)
        #expect(reason == "Secret")
    }

    @Test func `the last attempt is the last, by the job's limit or the policy's`() {
        let failure = JobFailure.retry("busy")
        #expect(verdict(failure, attempt: 5) == .buried(.attempts, reason: "busy"))
        #expect(verdict(failure, attempt: 2, limit: 2) == .buried(.attempts, reason: "busy"))
        #expect(verdict(JobFailure.retryAfter(.seconds(9), "later"), attempt: 5) == .buried(.attempts, reason: "later"))
        #expect(verdict(failure, attempt: 6, .network) != .buried(.attempts, reason: "busy"))
    }

    @Test func `a handler's wish is followed`() {
        #expect(
            verdict(JobFailure.retryAfter(.seconds(90), "later"))
                == .postponed(.failed, after: .seconds(90), reason: "later"))
        #expect(
            verdict(JobFailure.snooze(.seconds(60), "early"), attempt: 99)
                == .postponed(.snoozed, after: .seconds(60), reason: "early"))
        #expect(verdict(JobFailure.discard("unknown")) == .buried(.discarded, reason: "unknown"))
    }

    @Test func `a lost lease is nobody's to record`() {
        let lease = JobLease(jobID: JobID(rawValue: 1), number: 1, workerID: .random())
        #expect(verdict(LeaseLost(lease: lease)) == .nothing)
    }

    @Test func `only as much is fetched ahead as is begun within a tenth of a second`() {
        let served = WorkerSettings.Served(concurrency: 8, prefetchLimit: 200)
        var prefetch = AdaptivePrefetch()
        #expect(prefetch.count(for: served) == 0)
        prefetch.record(.milliseconds(10))
        #expect(prefetch.count(for: served) == 80)
        prefetch.record(.seconds(60))
        #expect(prefetch.count(for: served) == 0)
        for _ in 0..<300 { prefetch.record(.zero) }
        #expect(prefetch.count(for: served) == 200)
    }
}
