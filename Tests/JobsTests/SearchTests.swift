import Database
import Foundation
import Jobs
import Testing

/// Searching for jobs (O-03), and what is done to everything that a search finds (O-10).
@Suite struct SearchTests {
    private func found(_ bed: Testbed, _ change: (inout JobFilter) -> Void) async throws -> [String] {
        var filter = JobFilter()
        change(&filter)
        return try await bed.pool.run { [filter] in try JobPart(filter, limit: 50, in: $0) }.jobs.map(\.kind).sorted()
    }

    /// Jobs of six sorts: one that waits, one that runs, one that retries, one that died, one that is done, one for later.
    private func plant(_ bed: Testbed) async throws -> WorkerID {
        let worker = try await bed.worker()
        try await bed.enqueue([bed.request("done"), bed.request("retries"), bed.request("died"), bed.request("runs")])
        let jobs = try await bed.claim(4, by: worker)
        _ = try await bed.ids(Queue.complete([jobs[0].lease], notes: [nil]))
        let later = bed.now.addingTimeInterval(9)
        _ = try await bed.ids(
            Queue.postpone(jobs[1].lease, to: later, because: .failed, reason: "greylisted 100% by a_b"))
        _ = try await bed.ids(Queue.bury(jobs[2].lease, because: .discarded, reason: "unknown mailbox 7"))
        try await bed.enqueue([bed.request("waits", key: "k 1"), bed.request("later", runAt: later)])
        return worker
    }

    @Test func `each filter finds what it names, alone and with another`() async throws {
        try await Testbed.with { bed in
            let worker = try await plant(bed)
            #expect(try await found(bed) { _ in }.count == 6)
            #expect(try await found(bed) { $0.place = .leased } == ["runs"])
            #expect(try await found(bed) { ($0.place, $0.isRetrying) = (.scheduled, true) } == ["retries"])
            #expect(try await found(bed) { ($0.place, $0.isRetrying) = (.scheduled, false) } == ["later"])
            #expect(try await found(bed) { $0.error = "100% by a_b" } == ["retries"])
            #expect(try await found(bed) { $0.error = "100_" } == [])
            #expect(try await found(bed) { $0.error = "MAILBOX" } == ["died"])
            #expect(try await found(bed) { ($0.error, $0.place) = ("mailbox", .scheduled) } == [])
            #expect(try await found(bed) { $0.worker = worker.rawValue } == ["died", "done", "retries", "runs"])
            #expect(try await found(bed) { ($0.worker, $0.kind) = (worker.rawValue, "done") } == ["done"])
            #expect(try await found(bed) { $0.key = "k 1" } == ["waits"])
            #expect(try await found(bed) { $0.endedSince = Date(timeIntervalSince1970: 0) } == ["died", "done"])
            #expect(try await found(bed) { $0.endedUntil = Date(timeIntervalSince1970: 0) } == [])
            #expect(try await found(bed) { $0.until = Date(timeIntervalSince1970: 0) } == [])
        }
    }

    @Test func `parts follow each other without a gap and without doubling`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(25)
            var (filter, seen): (JobFilter, [JobID]) = (JobFilter(), [])
            repeat {
                let page = try await bed.pool.run { [filter] in try JobPart(filter, limit: 10, in: $0) }
                seen += page.jobs.map(\.id)
                filter.before = page.next
            } while filter.before != nil
            #expect(seen == ids.sorted(by: >))
            #expect(try await bed.pool.run { try JobPart.count(JobFilter(), in: $0) } == 25)
        }
    }

    @Test func `what a search finds is retried once each, also when it is begun anew`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(450)
            let jobs = try await bed.claim(450, by: try await bed.worker())
            for job in jobs { _ = try await bed.ids(Queue.bury(job.lease, because: .attempts, reason: "x")) }
            var filter = JobFilter()
            filter.place = .dead
            let note = OperatorNote(name: "dana@drizzl.example", reason: "the printer is back")
            let waker = QueueWaker(pool: bed.pool)
            let person = JobOperator(pool: bed.pool, waker: waker, note: note, now: { bed.now })
            let began = try #require(
                try await bed.pool.query("SELECT clock_timestamp() AS now").first?.value("now", as: Date.self))
            let wish = BulkWish(filter, .retry, by: note, at: began)
            // It dies after its first portion; and a letter that it had raised dies again.
            let task = Task {
                try await person.carryOut(wish) { progress in
                    if progress.done > 0 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            _ = await task.result
            let worker = try await bed.worker()
            let again = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.ids(Queue.bury(again.lease, because: .attempts, reason: "x"))
            _ = try await person.carryOut(wish)
            #expect(try await bed.count("queue.operations") == ids.count)
            #expect(try await bed.count("queue.dead") == 1)
        }
    }

    @Test func `dead letters that differ by a number alone are one group, retried or given up together`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(4)
            let jobs = try await bed.claim(4, by: try await bed.worker())
            for (job, reason) in zip(jobs, ["order 17 is gone", "order 4 is gone", "no route", "no route"]) {
                _ = try await bed.ids(Queue.bury(job.lease, because: .discarded, reason: reason))
            }
            let groups = try await bed.pool.query(Queue.deadGroups(limit: 10)).map(DeadGroup.init(row:))
            #expect(groups.map(\.letters) == [2, 2])
            #expect(Set(groups.map(\.error)) == ["order # is gone", "no route"])
            let note = OperatorNote(name: "dana", reason: "why not")
            let person = JobOperator(pool: bed.pool, waker: QueueWaker(pool: bed.pool), note: note, now: { bed.now })
            let gone = try #require(groups.first { $0.error == "order # is gone" })
            #expect(try await person.discard(gone.filter) == 2)
            #expect(try await bed.count("queue.dead") == 2)
            #expect(
                try await person.redrive(groups[0].error == gone.error ? groups[1].filter : groups[0].filter).raised
                    == 2)
            #expect(try await bed.count("queue.dead") == 0)
        }
    }
}
