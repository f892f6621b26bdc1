import Database
import Foundation
import Jobs
import Testing

@Suite struct RateLimitTests {
    private func limited(_ bed: Testbed, _ limit: RateLimit, priority: Int16 = 1) -> JobRequest {
        var request = bed.request(priority: priority)
        request.rate = limit
        return request
    }

    /// Promotes once for each step of `step` seconds, and says when each job became ready.
    private func ready(_ bed: Testbed, steps: Int, step: TimeInterval) async throws -> [JobID: TimeInterval] {
        var moments: [JobID: TimeInterval] = [:]
        for number in 0..<steps {
            let moment = Double(number) * step
            try await bed.promote(now: bed.now.addingTimeInterval(moment))
            let rows = try await bed.pool.query("SELECT job_id FROM queue.ready")
            for row in rows {
                let id = JobID(rawValue: try row.value("job_id"))
                moments[id] = moments[id] ?? moment
            }
        }
        return moments
    }

    /// The most that became ready in any stretch, beyond what the limit allows in it.
    private func excess(_ moments: [TimeInterval], interval: TimeInterval, burst: Int) -> Double {
        let sorted = moments.sorted()
        var worst = -Double.infinity
        for first in sorted.indices {
            for last in first..<sorted.count {
                let allowed = Double(burst) + (sorted[last] - sorted[first]) / interval
                worst = max(worst, Double(last - first + 1) - allowed)
            }
        }
        return worst
    }

    @Test func `a burst goes at once, the rest at the pace, in order`() async throws {
        try await Testbed.with { bed in
            let limit = RateLimit(key: "mailbox", 1, per: .seconds(1), burst: 3)
            let placed = try await bed.enqueue((0..<8).map { _ in limited(bed, limit) })
            #expect(placed.map(\.place) == Array(repeating: .scheduled, count: 8))
            let moments = try await ready(bed, steps: 14, step: 0.5)
            #expect(placed.map { moments[$0.jobID] } == [0, 0, 0, 1, 2, 3, 4, 5])
        }
    }

    @Test func `what was put off and found late does not go all at once`() async throws {
        try await Testbed.with { bed in
            let limit = RateLimit(key: "mailbox", 1, per: .seconds(1), burst: 2)
            try await bed.enqueue((0..<30).map { _ in limited(bed, limit) })
            #expect(try await bed.promote() == 30)
            #expect(try await bed.count("queue.ready") == 2)
            // Nobody looked for an hour, and all have been due for long.
            let later = bed.now.addingTimeInterval(3_600)
            try await bed.promote(now: later)
            #expect(try await bed.count("queue.ready") == 4)
            try await bed.promote(now: later.addingTimeInterval(1))
            #expect(try await bed.count("queue.ready") == 5)
        }
    }

    @Test func `each job is put off once, however many there are`() async throws {
        try await Testbed.with { bed in
            let limit = RateLimit(key: "mailbox", 10, per: .seconds(1))
            try await bed.enqueue((0..<300).map { _ in limited(bed, limit) })
            var touched = 0
            for step in 0..<70 { touched += try await bed.promote(now: bed.now.addingTimeInterval(Double(step) * 0.5)) }
            #expect(try await bed.count("queue.ready") == 300)
            #expect(touched <= 600, "\(touched) rows were moved for 300 jobs")
        }
    }

    @Test func `newcomers get behind those that were put off, the more urgent first`() async throws {
        try await Testbed.with { bed in
            let limit = RateLimit(key: "mailbox", 1, per: .seconds(1), burst: 1)
            let first = try await bed.enqueue((0..<4).map { _ in limited(bed, limit) }).map(\.jobID)
            try await bed.promote()
            let common = try await bed.enqueue([limited(bed, limit)]).map(\.jobID)
            let urgent = try await bed.enqueue([limited(bed, limit, priority: 0)]).map(\.jobID)
            let moments = try await ready(bed, steps: 16, step: 0.5)
            let order = moments.sorted { $0.value < $1.value }.map(\.key)
            #expect(order == first + urgent + common)
            #expect(excess(Array(moments.values), interval: 1, burst: 1) <= 0)
        }
    }

    @Test func `a retry counts again`() async throws {
        try await Testbed.with { bed in
            let limit = RateLimit(key: "mailbox", 1, per: .seconds(10), burst: 1)
            try await bed.enqueue([limited(bed, limit)])
            try await bed.promote()
            let job = try #require(try await bed.claim(1, by: try await bed.worker()).first)
            try await bed.finish(Queue.postpone(job.lease, to: bed.now, because: .failed, reason: "x"))
            try await bed.promote(now: bed.now.addingTimeInterval(9))
            #expect(try await bed.count("queue.ready") == 0)
            try await bed.promote(now: bed.now.addingTimeInterval(10))
            #expect(try await bed.count("queue.ready") == 1)
        }
    }

    @Test func `several that promote at once let through no more than burst and rate`() async throws {
        try await Testbed.with(connections: 6) { bed in
            let limit = RateLimit(key: "mailbox", 20, per: .seconds(1), burst: 5)
            var moments: [TimeInterval] = []
            var known = 0
            for step in 0..<40 {
                let moment = Double(step) * 0.1
                try await bed.enqueue((0..<4).map { _ in limited(bed, limit) })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { try await bed.promote(now: bed.now.addingTimeInterval(moment)) }
                    }
                    try await group.waitForAll()
                }
                let count = try await bed.count("queue.ready")
                moments += Array(repeating: moment, count: count - known)
                known = count
            }
            #expect(excess(moments, interval: 0.05, burst: 5) <= 0.0001)
            // Nor much less: 4 seconds at 20 a second.
            #expect(known >= 70, "\(known)")
        }
    }

    @Test func `a fraction of a microsecond is rounded to the slower side`() {
        #expect(RateLimit(key: "k", 3, per: .seconds(1)).interval == .microseconds(333_334))
        #expect(RateLimit(key: "k", 0, per: .zero).interval == .microseconds(1))
    }
}
