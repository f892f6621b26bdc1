import Database
import Foundation
import Jobs
import Testing
import Workers

@Suite struct WorkerRuntimeTests {
    @Test func `jobs are done once each, and their success is recorded`() async throws {
        try await RuntimeTestbed.with { bed in
            let done = Gate()
            let ids = try await bed.enqueue("do", 100)
            let handler = Doing { context in
                if context.id == ids[0] { context.remark("no longer due") }
                done.open()
            }
            try await bed.working([handler]) {
                await done.opened(times: 90)
                _ = try await bed.enqueue("do", 10)
                await done.opened(times: 110)
            }
            #expect(done.count == 110)
            let succeeded = try await bed.count("queue.attempts WHERE outcome = 'succeeded'")
            #expect(succeeded == 110)
            let first = try await bed.details(ids[0])
            #expect((first.summary.place, first.summary.note) == (.finished, "no longer due"))
            for table in ["ready", "leases", "scheduled", "dead", "workers"] {
                let rows = try await bed.count("queue.\(table)")
                #expect(rows == 0, "\(table)")
            }
        }
    }

    @Test func `a failure is tried again later and in the end is dead`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let retry = RetryPolicy(name: "twice", attempts: 2, backoff: .steps([.seconds(100)]))
            let handler = Doing(retry: retry) { _ in throw JobFailure.retry("greylisted") }
            try await bed.working([handler]) {
                let failed = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(failed.summary.lastError == "greylisted")
                let pause = try #require(failed.summary.runAt).timeIntervalSince(bed.now)
                #expect((80.0...120.0).contains(pause))
                _ = try await bed.pool.query(Queue.promote(now: bed.now.addingTimeInterval(120), limit: 10))
                bed.waker.wake(["default"])
                let dead = try await bed.until(id) { $0.summary.place == .dead }
                #expect(dead.attempts.map(\.outcome) == ["failed", "failed"])
            }
        }
    }

    @Test func `a payload that cannot be read makes a dead letter that names the place but not the value`() async throws
    {
        try await RuntimeTestbed.with { bed in
            let ids = try await [#"{"n": "secret"}"#, #"{}"#, #"[]"#].asyncMap { payload in
                try await bed.enqueue("do", payload: payload)[0]
            }
            try await bed.working([Doing { _ in }]) {
                var reasons: [String?] = []
                for id in ids {
                    let dead = try await bed.until(id) { $0.summary.place == .dead }
                    #expect(dead.attempts.map(\.outcome) == ["undecodable"])
                    reasons.append(dead.summary.lastError)
                }
                #expect(reasons[0] == "the payload's n is no Int")
                #expect(reasons[1] == "the payload has no n")
            }
        }
    }

    @Test func `a kind that nobody here knows waits, visibly, and loses no attempt`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("of_tomorrow")[0]
            try await bed.working([Doing { _ in }]) {
                let waiting = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(waiting.attempts.map(\.outcome) == ["unknown_kind"])
                #expect((waiting.summary.attempts, waiting.summary.runAt) == (0, bed.now.addingTimeInterval(60)))
                #expect(waiting.summary.lastError == "no handler for of_tomorrow in this worker")
            }
        }
    }

    @Test func `an attempt past its time limit is cancelled and counts as failed`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let handler = Doing(timeLimit: .milliseconds(20)) { _ in try await Task.sleep(for: .seconds(600)) }
            try await bed.working([handler]) {
                let failed = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(failed.attempts.map(\.outcome) == ["failed"])
                #expect(failed.summary.lastError?.hasPrefix("the time limit of") == true)
            }
        }
    }

    @Test func `a handler that ignores its cancelling is left to itself, and can finish nothing`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (free, ended) = (Gate(), Gate())
            let handler = Doing(timeLimit: .milliseconds(20)) { context in
                await free.opened()
                // Not in this task, which was cancelled: the fence alone has to hold.
                let isRefused = await Task {
                    do {
                        try await context.transaction { _ in }
                        return false
                    } catch { return error is LeaseLost }
                }.value
                if isRefused { ended.open() }
            }
            var settings = bed.settings
            settings.cancellationGrace = .milliseconds(20)
            try await bed.working([handler], settings) {
                let stuck = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(stuck.summary.lastError?.contains("did not stop") == true)
                free.open()
                await ended.opened()
                let after = try await bed.details(id)
                #expect(after.attempts.map(\.outcome) == ["failed"])
            }
        }
    }

    @Test func `two handlers of one kind are a mistake that is named at once`() throws {
        let error = #expect(throws: HandlerSet.DuplicateKinds.self) {
            try HandlerSet([Doing { _ in }, Doing { _ in }])
        }
        #expect(error?.kinds == ["do"])
    }
}

extension Array {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
