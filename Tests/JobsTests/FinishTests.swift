import Database
import Foundation
import Jobs
import Testing

@Suite struct FinishTests {
    @Test func `a success is recorded once, whoever says it again`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(3)
            let leases = try await bed.claim(3, by: try await bed.worker()).map(\.lease)
            let notes: [String?] = [nil, "no longer due", nil]
            #expect(try await bed.ids(Queue.complete(leases + leases, notes: notes + notes)) == ids)
            #expect(try await bed.ids(Queue.complete(leases, notes: notes)).isEmpty)
            #expect(try await bed.count("queue.attempts") == 3)
            #expect(try await bed.count("queue.leases") == 0)
            let second = try #require(try await bed.details(ids[1]))
            #expect(
                (second.summary.place, second.summary.note, second.summary.attempts) == (.finished, "no longer due", 1))
        }
    }

    @Test func `no statement of another worker or an older lease does anything`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1)
            let worker = try await bed.worker()
            let old = try #require(try await bed.claim(1, by: worker).first).lease
            #expect(try await bed.ids(Queue.release([old], reason: nil)) == [old.jobID])
            let new = try #require(try await bed.claim(1, by: worker).first).lease
            #expect(new.number == old.number + 1)
            let foreign = JobLease(jobID: new.jobID, number: new.number, workerID: .random())
            for lease in [old, foreign] {
                #expect(try await bed.ids(Queue.complete([lease], notes: [nil])).isEmpty)
                #expect(try await bed.ids(Queue.release([lease], reason: "x")).isEmpty)
                #expect(try await bed.ids(Queue.bury(lease, because: .discarded, reason: "x")).isEmpty)
                #expect(
                    try await bed.ids(Queue.postpone(lease, to: bed.now, because: .failed, reason: "x")).isEmpty)
            }
            #expect(try await bed.count("queue.attempts") == 0)
            #expect(try await bed.ids(Queue.complete([new], notes: [nil])) == [new.jobID])
        }
    }

    @Test func `completion and the handler's writes are one commit`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(2)
            let leases = try await bed.claim(2, by: try await bed.worker()).map(\.lease)
            let (kept, lost) = (leases[0], leases[1])
            _ = try await bed.ids(Queue.release([lost], reason: nil))
            for lease in [kept, lost] {
                let commit = { @Sendable (session: Session) throws in
                    try session.begin(with: [Queue.enqueue([bed.request("follow-up")], now: bed.now)])
                    try session.commit(with: [Queue.completeOrAbort(lease, note: nil)])
                }
                if lease == kept {
                    try await bed.pool.run { session in _ = try commit(session) }
                } else {
                    let error = await #expect(throws: DatabaseError.self) {
                        try await bed.pool.run { session in _ = try commit(session) }
                    }
                    #expect(error?.sqlState == Queue.leaseLostState)
                }
            }
            #expect(try await bed.count("queue.jobs WHERE kind = 'follow-up'") == 1)
            #expect(try await bed.count("queue.attempts") == 1)
        }
    }

    @Test func `a retry counts, a snooze and an unknown kind do not`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1)
            let worker = try await bed.worker()
            var attempts: [Int] = []
            for cause: Postponement in [.failed, .snoozed, .unknownKind, .failed] {
                let job = try #require(try await bed.claim(1, by: worker).first)
                attempts.append(job.attempt)
                let later = bed.now.addingTimeInterval(60)
                _ = try await bed.ids(Queue.postpone(job.lease, to: later, because: cause, reason: "because"))
                #expect(try await bed.places(of: [job.id]) == [.scheduled])
                #expect(try await bed.pool.query(Queue.promote(now: bed.now, limit: 10)).isEmpty)
                let moved = try #require(try await bed.pool.query(Queue.promote(now: later, limit: 10)).first)
                #expect(try moved.value("queue") == "default")
                #expect(try moved.value("jobs") == 1)
            }
            #expect(attempts == [1, 2, 2, 2])
            let last = try #require(try await bed.claim(1, by: worker).first)
            #expect((last.attempt, last.lease.number) == (3, 5))
        }
    }

    @Test func `a dead letter keeps its body and its reason`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([bed.request("doomed", key: "k")])
            let job = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            let long = String(repeating: "ü", count: 2_000) + "\0"
            #expect(try await bed.ids(Queue.bury(job.lease, because: .discarded, reason: long)) == [job.id])
            let row = try #require(
                try await bed.pool.query(
                    "SELECT reason, detail, body ->> 'kind' AS kind, body ->> 'unique_key' AS key FROM queue.dead"
                ).first)
            #expect(try row.value("reason") == "discarded")
            #expect(try row.value("detail", as: String.self).count == SafeText.maximumLength)
            #expect(try row.value("kind") == "doomed")
            #expect(try row.value("key") == "k")
            let details = try #require(try await bed.details(job.id))
            #expect((details.summary.place, details.attempts.map(\.outcome)) == (.dead, ["discarded"]))
            #expect(try await bed.count("queue.unique_keys") == 0)
        }
    }

    @Test func `what is given back keeps its place in the line`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(4)
            let worker = try await bed.worker()
            let first = try await bed.claim(2, by: worker)
            _ = try await bed.ids(Queue.releaseAll(of: worker, reason: "lost track"))
            let again = try await bed.claim(4, by: worker)
            #expect(again.map(\.id) == ids)
            #expect(again.map(\.attempt) == [1, 1, 1, 1])
            #expect(again.map(\.lease.number) == [2, 2, 1, 1])
            #expect(try await bed.count("queue.attempts WHERE outcome = 'released'") == first.count)
        }
    }
}
