import Database
import Foundation
import Jobs
import Testing
import Workers

@Suite struct BadInputTests {
    @Test func `a dead letter of a payload that no longer decodes keeps the body as it was`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do", payload: #"{"n": "seven", "more": [1, 2]}"#, key: "k")[0]
            try await bed.working([Doing { _ in }]) {
                let dead = try await bed.until(id) { $0.summary.place == .dead }
                #expect(dead.summary.lastError == "the payload's n is no Int")
            }
            let row = try await bed.pool.query("SELECT reason, body FROM queue.dead").first
            #expect(try row?.value("reason", as: String.self) == "undecodable")
            let body = try row?.value("body", as: JSON.self).text ?? ""
            #expect(body.contains(#"{"n": "seven", "more": [1, 2]}"#))
            #expect(body.contains(#""unique_key": "k""#))
        }
    }

    @Test func `operators see which handler does not stop, and that it has ended after all`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let free = Gate()
            let handler = Doing(timeLimit: .milliseconds(20)) { _ in await free.opened() }
            var settings = bed.settings
            settings.cancellationGrace = .milliseconds(20)
            try await bed.working([handler], settings) {
                let failed = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(failed.attempts.map(\.outcome) == ["failed"])
                #expect(failed.summary.lastError?.contains("did not stop") == true)
                let stuck = try await stuck(bed)
                #expect(stuck.map(\.jobID) == [id])
                #expect(stuck.map(\.kind) == ["do"])
                #expect(stuck.map(\.worker) == ["test"])
                #expect(stuck.map(\.timeLimit) == [.milliseconds(20)])
                free.open()
                try await bed.until { try await self.stuck(bed).isEmpty }
            }
        }
    }

    @Test func `a stuck handler is forgotten with its process`() async throws {
        try await RuntimeTestbed.with { bed in
            let (gone, lives) = (WorkerID.random(), WorkerID.random())
            for worker in [gone, lives] {
                _ = try await bed.pool.query(
                    Queue.register(worker, name: "w", queues: [], kinds: [], life: .seconds(3_600)))
                let lease = JobLease(jobID: JobID(rawValue: 1), number: 1, workerID: worker)
                _ = try await bed.pool.query(
                    Queue.markStuck(lease, kind: "do", queue: "default", timeLimit: .seconds(1)))
            }
            _ = try await bed.pool.query(Queue.retire(gone))
            #expect(try await stuck(bed).map(\.workerID) == [lives])
            let another = JobLease(jobID: JobID(rawValue: 2), number: 1, workerID: lives)
            _ = try await bed.pool.query(
                Queue.markStuck(another, kind: "do", queue: "default", timeLimit: .seconds(1)))
            #expect(try await bed.count("queue.stuck_handlers") == 2)
        }
    }

    private func stuck(_ bed: RuntimeTestbed) async throws -> [StuckHandler] {
        try await bed.pool.query(Queue.stuckHandlers()).map { try StuckHandler(row: $0) }
    }
}
