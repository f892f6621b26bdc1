import Database
import Foundation
import Jobs
import Testing

@Suite struct CancelTests {
    @Test func `jobs are called off wherever they wait, and are seen to be`() async throws {
        try await Testbed.with { bed in
            var limited = bed.request()
            limited.rate = RateLimit(key: "r", 1, per: .seconds(1))
            let placed = try await bed.enqueue([
                bed.request(key: "u"), bed.request(runAt: bed.now.addingTimeInterval(9)), bed.keyed("a"),
                bed.keyed("a"),
                bed.request(after: [.position(0)]), limited, bed.request("paused"),
            ])
            try await bed.follow(QueueFollowUp(placed))
            let worker = try await bed.worker()
            _ = try await bed.pool.query(Queue.pause(.kind("paused"), by: "test", reason: "x"))
            let claimed = try await bed.claim(9, by: worker)
            try await bed.finish(Queue.release(claimed.map(\.lease), reason: nil))
            let ids = placed.map(\.jobID)
            #expect(
                try await bed.places(of: ids)
                    == [.ready, .scheduled, .ready, .waiting, .blocked, .scheduled, .held])

            let answer = try await bed.cancel(ids + [JobID(rawValue: 1)])
            #expect(answer.ended == Set(ids))
            #expect(try await bed.places(of: ids) == Array(repeating: .cancelled, count: ids.count))
            let details = try #require(try await bed.details(ids[2]))
            #expect((details.summary.note, details.attempts.map(\.lease)) == ("not wanted", [2]))
            for table in ["unique_keys", "concurrency_slots", "dependencies", "blocked", "waiting", "held"] {
                #expect(try await bed.count("queue.\(table)") == 0, "\(table)")
            }
            #expect(try await bed.cancel(ids).ended.isEmpty)
        }
    }

    @Test(arguments: ["postpone", "bury", "release", "releaseAll", "rescue", "cancel"])
    func `a running job that was called off ends as cancelled, however it ends but well`(end: String) async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([bed.request(key: "u")])
            let worker = try await bed.worker()
            let job = try #require(try await bed.claim(1, by: worker).first)
            let answer = try await bed.cancel([job.id])
            #expect((answer.stopping, answer.workers) == ([job.id], [worker]))
            let beat = try #require(try await bed.pool.query(Queue.beat(worker, life: .seconds(60))).first)
            #expect(try beat.value("cancelled_jobs", as: [Int64].self) == [job.id.rawValue])
            #expect(try beat.value("cancelled_leases", as: [Int32].self) == [1])
            let statement =
                switch end {
                case "postpone": Queue.postpone(job.lease, to: bed.now, because: .failed, reason: "x")
                case "bury": Queue.bury(job.lease, because: .attempts, reason: "x")
                case "release": Queue.release([job.lease], reason: nil)
                case "releaseAll": Queue.releaseAll(of: worker, reason: "x")
                case "rescue": Queue.rescue(limit: 10)
                default: Queue.cancel(job.lease, reason: "x")
                }
            if end == "rescue" { _ = try await bed.pool.query(Queue.retire(worker)) }
            #expect(try await bed.finish(statement) == [job.id])
            let details = try #require(try await bed.details(job.id))
            #expect((details.summary.place, details.summary.note) == (.cancelled, "not wanted"))
            #expect(details.attempts.map(\.outcome) == ["cancelled"])
            #expect(try await bed.count("queue.unique_keys") == 0)
        }
    }

    @Test func `a job that ends well although it was called off has succeeded`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1)
            let job = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            try await bed.cancel([job.id])
            try await bed.finish(Queue.complete([job.lease], notes: [nil]))
            #expect(try await bed.places(of: [job.id]) == [.finished])
        }
    }

    @Test func `what moves while it is called off is found`() async throws {
        try await Testbed.with(connections: 6) { bed in
            let ids = try await bed.enqueue((0..<80).map { bed.keyed("k\($0 % 8)") }).map(\.jobID)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let worker = try await bed.worker()
                        for _ in 0..<30 {
                            _ = try await bed.pool.query(Queue.admitSweep(after: nil, limit: 100))
                            for job in try await bed.claim(3, by: worker) {
                                try await bed.finish(
                                    Queue.postpone(job.lease, to: bed.now, because: .snoozed, reason: "x"))
                            }
                            try await bed.promote()
                        }
                    }
                }
                group.addTask { for id in ids.shuffled() { try await bed.cancel([id]) } }
                try await group.waitForAll()
            }
            #expect(try await bed.count("queue.attempts WHERE outcome = 'cancelled'") == 80)
            #expect(try await bed.count("queue.concurrency_slots") == 0)
        }
    }

    @Test func `no longer due is a success, wherever the job waited`() async throws {
        try await Testbed.with { bed in
            let event = UUID()
            var requests = [bed.request(), bed.keyed("a"), bed.request(after: [.position(0)]), bed.request("spared")]
            for index in requests.indices { requests[index].eventID = event }
            let ids = try await bed.enqueue(requests).map(\.jobID)
            let ended = try await bed.ids(
                Queue.cancel(causedBy: "SELECT \(event)::uuid", reason: "undone", sparing: ["spared"]))
            #expect(ended.sorted() == Array(ids[0..<3]))
            #expect(try await bed.places(of: ids) == [.finished, .finished, .finished, .ready])
        }
    }
}
