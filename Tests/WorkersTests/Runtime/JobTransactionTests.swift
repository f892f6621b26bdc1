import Database
import Foundation
import Jobs
import Testing
import Workers

@Suite struct JobTransactionTests {
    private func followUp(_ bed: RuntimeTestbed) -> SQL {
        Queue.enqueue([JobRequest(kind: "follow_up", payload: JSON(text: "{}"), queue: "other")], now: bed.now)
    }

    @Test func `what a handler writes and its job's success are one commit`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let handler = Doing { context in
                try await context.transaction { session in try session.execute(followUp(bed)) }
                // After the commit the job is finished, whatever happens.
                throw JobFailure.retry("too late")
            }
            try await bed.working([handler]) {
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(finished.attempts.map(\.outcome) == ["succeeded"])
            }
            let followUps = try await bed.count("queue.jobs WHERE kind = 'follow_up'")
            #expect(followUps == 1)
        }
    }

    @Test func `a body that throws leaves nothing behind and the job unfinished`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let handler = Doing { context in
                try await context.transaction { session in
                    try session.execute(followUp(bed))
                    throw JobFailure.discard("refused")
                }
            }
            try await bed.working([handler]) {
                _ = try await bed.until(id) { $0.summary.place == .dead }
            }
            let followUps = try await bed.count("queue.jobs WHERE kind = 'follow_up'")
            #expect(followUps == 0)
        }
    }

    @Test func `a lease that was lost meanwhile ends the handler's transaction`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (started, taken, refused) = (Gate(), Gate(), Gate())
            let handler = Doing { context in
                guard context.lease.number == 1 else { return }
                started.open()
                await taken.opened()
                do {
                    try await context.transaction { session in try session.execute(followUp(bed)) }
                } catch let error as LeaseLost {
                    if error.lease == context.lease { refused.open() }
                    throw error
                }
            }
            try await bed.working([handler]) {
                await started.opened()
                // As a rescue does when the process is believed to be dead.
                let lease = try await bed.pool.query("SELECT worker_id FROM queue.leases").first
                let worker = WorkerID(rawValue: try #require(lease).value("worker_id"))
                _ = try await bed.pool.query(Queue.releaseAll(of: worker, reason: "believed dead"))
                taken.open()
                await refused.opened()
                bed.waker.wake(["default"])
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(finished.attempts.map(\.outcome) == ["released", "succeeded"])
                #expect(finished.attempts.map(\.lease) == [1, 2])
            }
            let followUps = try await bed.count("queue.jobs WHERE kind = 'follow_up'")
            #expect(followUps == 0)
        }
    }

    @Test func `a worker that dies between the commit and its record has done the job once`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let committed = Gate()
            let handler = Doing { context in
                try await context.transaction { session in try session.execute(followUp(bed)) }
                committed.open()
                // The process hangs here for good, as far as anybody else can see.
                try await Task.sleep(for: .seconds(600))
            }
            let hanging = Task { try await bed.runtime([handler]).run() }
            await committed.opened()
            _ = try await bed.pool.query("DELETE FROM queue.workers")
            let rescued = try await bed.pool.query(Queue.rescue(limit: 10)).count
            #expect(rescued == 0)
            hanging.cancel()
            try await hanging.value
            let details = try await bed.details(id)
            #expect(details.attempts.map(\.outcome) == ["succeeded"])
            let followUps = try await bed.count("queue.jobs WHERE kind = 'follow_up'")
            #expect(followUps == 1)
        }
    }
}
