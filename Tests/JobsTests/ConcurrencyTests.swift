import Database
import Foundation
import Jobs
import Testing

@Suite struct ConcurrencyTests {
    @Test func `a key's jobs run no more at once than allowed, in the order in which they came`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue((0..<5).map { _ in bed.keyed("carrier", limit: 2) })
            #expect(placed.map(\.place) == Array(repeating: .waiting, count: 5))
            #expect(placed.map(\.concurrencyKey) == Array(repeating: "carrier", count: 5))
            let ids = placed.map(\.jobID)
            let worker = try await bed.worker()
            #expect(try await bed.claim(5, by: worker).isEmpty)
            try await bed.follow(QueueFollowUp(placed))
            let first = try await bed.claim(5, by: worker)
            #expect(first.map(\.id) == Array(ids[0..<2]))
            try await bed.follow(QueueFollowUp(placed))
            #expect(try await bed.claim(5, by: worker).isEmpty)

            try await bed.finish(Queue.complete([first[0].lease], notes: [nil]))
            #expect(try await bed.claim(5, by: worker).map(\.id) == [ids[2]])
            #expect(try await bed.places(of: ids) == [.finished, .leased, .leased, .waiting, .waiting])
        }
    }

    @Test func `the more urgent go first, and other keys are not concerned`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([
                bed.keyed("a", priority: 3), bed.keyed("a", priority: 0), bed.keyed("b", priority: 3),
            ])
            try await bed.follow(QueueFollowUp(placed))
            let ids = try await bed.claim(5, by: try await bed.worker()).map(\.id)
            #expect(ids == [placed[1].jobID, placed[2].jobID])
        }
    }

    @Test(arguments: ["postpone", "bury", "complete", "cancel"])
    func `who runs no more gives the slot to the next`(end: String) async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.keyed("a"), bed.keyed("a")])
            try await bed.follow(QueueFollowUp(placed))
            let worker = try await bed.worker()
            let job = try #require(try await bed.claim(2, by: worker).first)
            switch end {
            case "postpone":
                try await bed.finish(Queue.postpone(job.lease, to: bed.now, because: .failed, reason: "x"))
            case "bury": try await bed.finish(Queue.bury(job.lease, because: .discarded, reason: "x"))
            case "cancel": try await bed.finish(Queue.cancel(job.lease, reason: "x"))
            default: try await bed.finish(Queue.complete([job.lease], notes: [nil]))
            }
            #expect(try await bed.claim(2, by: worker).map(\.id) == [placed[1].jobID])
            // One that rests gets in line again.
            try await bed.promote()
            let places = try await bed.places(of: placed.map(\.jobID))
            #expect(places[1] == .leased)
            #expect((places[0] == .waiting) == (end == "postpone"))
        }
    }

    @Test(arguments: [false, true])
    func `who is given back or rescued keeps the slot`(isLost: Bool) async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.keyed("a"), bed.keyed("a")])
            try await bed.follow(QueueFollowUp(placed))
            let lost = try await bed.worker()
            let job = try #require(try await bed.claim(2, by: lost).first)
            if isLost {
                _ = try await bed.pool.query(Queue.retire(lost))
                try await bed.finish(Queue.rescue(limit: 10))
            } else {
                try await bed.finish(Queue.release([job.lease], reason: nil))
            }
            #expect(try await bed.count("queue.concurrency_slots WHERE job_id = \(job.id)") == 1)
            #expect(try await bed.claim(2, by: try await bed.worker()).map(\.id) == [job.id])
        }
    }

    @Test func `what nobody followed up the sweep finds, portion by portion`() async throws {
        try await Testbed.with { bed in
            let keys = (0..<7).map { "k\($0)" }
            try await bed.enqueue(keys.flatMap { [bed.keyed($0), bed.keyed($0)] })
            var (last, admitted): (String?, Int) = (nil, 0)
            repeat {
                let rows = try await bed.pool.query(Queue.admitSweep(after: last, limit: 3))
                last = try rows.first?.optional("last_key")
                admitted += try rows.reduce(0) { try $0 + ($1.optional("jobs", as: Int.self) ?? 0) }
            } while last != nil
            #expect(admitted == 7)
            #expect(try await bed.claim(20, by: try await bed.worker()).count == 7)
        }
    }

    @Test func `a job with a lower limit than those before it is not overtaken, and keeps to its own`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([
                bed.keyed("a", limit: 3), bed.keyed("a", limit: 3), bed.keyed("a", limit: 1), bed.keyed("a", limit: 3),
            ])
            try await bed.follow(QueueFollowUp(placed))
            let worker = try await bed.worker()
            let first = try await bed.claim(9, by: worker)
            #expect(first.map(\.id) == [placed[0].jobID, placed[1].jobID])
            for job in first.reversed() { try await bed.finish(Queue.complete([job.lease], notes: [nil])) }
            #expect(try await bed.claim(9, by: worker).map(\.id) == [placed[2].jobID])
        }
    }

    @Test func `under many claimers and crashes no key ever runs more than it may, and all run`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let jobs = try await bed.enqueue((0..<150).map { bed.keyed("k\($0 % 5)", limit: $0 % 5 == 4 ? 2 : 1) })
            let watch = RunningWatch()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<6 {
                    group.addTask {
                        var dice = Dice(state: UInt64(client) &+ 77)
                        var worker = try await bed.worker()
                        while try await bed.count("queue.attempts WHERE outcome = 'succeeded'") < jobs.count {
                            let claimed = try await bed.claim(3, by: worker)
                            await watch.began(claimed)
                            for job in claimed {
                                await watch.ended(job)
                                switch Int.random(in: 0..<10, using: &dice) {
                                case 0:
                                    try await bed.finish(
                                        Queue.postpone(job.lease, to: bed.now, because: .snoozed, reason: "x"))
                                case 1: try await bed.finish(Queue.release([job.lease], reason: nil))
                                case 2 where job.crashes == 0:
                                    // Left to be rescued.
                                    break
                                default: try await bed.finish(Queue.complete([job.lease], notes: [nil]))
                                }
                            }
                            if Int.random(in: 0..<4, using: &dice) == 0 {
                                _ = try await bed.pool.query(Queue.retire(worker))
                                try await bed.finish(Queue.rescue(limit: 100))
                                worker = try await bed.worker()
                            }
                            try await bed.promote()
                            let sweep = try await bed.pool.query(Queue.admitSweep(after: nil, limit: 100))
                            _ = try sweep.first?.optional("last_key", as: String.self)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let most = await watch.most
            #expect(most["k4", default: 0] <= 2)
            for key in ["k0", "k1", "k2", "k3"] { #expect(most[key] == 1, "\(key)") }
            #expect(try await bed.count("queue.concurrency_slots") == 0)
        }
    }
}

/// Counts how many jobs of each key run at the same time, by what the claims gave.
///
/// A job counts from when its claim was answered until just before its end is sent, so no overlap is invented.
private actor RunningWatch {
    private var running: [JobID: String] = [:]
    private(set) var most: [String: Int] = [:]

    func began(_ jobs: [ClaimedJob]) {
        for job in jobs {
            running[job.id] = job.kind
            most[job.kind] = max(most[job.kind, default: 0], running.values.count { $0 == job.kind })
        }
    }

    func ended(_ job: ClaimedJob) { running[job.id] = nil }
}

extension Testbed {
    /// A request whose kind says which key it has.
    func keyed(_ key: String, limit: Int = 1, priority: Int16 = 1) -> JobRequest {
        var request = request(key, priority: priority)
        request.concurrency = ConcurrencyLimit(key: key, limit: limit)
        return request
    }

    /// Does what follows from what was enqueued or ended.
    @discardableResult
    func follow(_ followUp: QueueFollowUp) async throws -> Set<String> {
        try await pool.run { session in try Queue.follow(followUp, in: session) }
    }

    /// Runs a statement that ends jobs, as a worker does, and what follows from it.
    @discardableResult
    func finish(_ statement: SQL) async throws -> [JobID] {
        try await pool.run { session in
            let rows = try session.pipeline([Queue.plansByIndex, statement]).last?.rows ?? []
            _ = try Queue.follow(try QueueFollowUp(rows: rows), in: session)
            return try rows.map { JobID(rawValue: try $0.value("job_id")) }
        }
    }

    /// Makes ready what is due, and gives slots to it; how many were due.
    @discardableResult
    func promote(now moment: Date? = nil) async throws -> Int {
        let moment = moment ?? now
        return try await pool.run { session in
            let rows = try session.query(Queue.promote(now: moment, limit: 1_000))
            var followUp = QueueFollowUp()
            for row in rows { followUp.keys.formUnion(try row.value("keys", as: [String].self)) }
            _ = try Queue.follow(followUp, in: session)
            return try rows.reduce(0) { try $0 + $1.value("jobs", as: Int.self) }
        }
    }
}
