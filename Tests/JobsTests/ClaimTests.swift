import Database
import Foundation
import Jobs
import Testing

@Suite struct ClaimTests {
    @Test func `the most urgent go first, and among equals the oldest`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue([3, 1, 0, 2, 1, 0].map { bed.request(priority: $0) }).map(\.jobID)
            let worker = try await bed.worker()
            let first = try await bed.claim(4, by: worker)
            let rest = try await bed.claim(4, by: worker)
            #expect((first + rest).map(\.id) == [2, 5, 1, 4, 3, 0].map { ids[$0] })
        }
    }

    @Test func `no job is claimed twice, and none is left`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let ids = try await bed.enqueue(300)
            let claimed = try await withThrowingTaskGroup(of: [JobID].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let worker = try await bed.worker()
                        var all: [JobID] = []
                        while true {
                            let jobs = try await bed.claim(7, by: worker)
                            if jobs.isEmpty { return all }
                            all += jobs.map(\.id)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            // A claim passes over what another one holds, so all may leave while the last rows are being taken by none.
            let rest = try await bed.claim(300, by: try await bed.worker()).map(\.id)
            #expect((claimed + rest).sorted() == ids)
        }
    }

    @Test func `a paused queue gives nothing`() async throws {
        try await Testbed.with { bed in
            let worker = try await bed.worker()
            _ = try await bed.enqueue(2)
            _ = try await bed.pool.query(Queue.pause(.queue("default"), by: "test", reason: "carrier is down"))
            #expect(try await bed.claim(2, by: worker).isEmpty)
            _ = try await bed.pool.query(Queue.resume(.queue("default")))
            #expect(try await bed.claim(2, by: worker).count == 2)
        }
    }

    @Test func `floors pass over what was taken and are right about the rest`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue(6)
            let worker = try await bed.worker()
            var floors = ClaimFloors()
            let start = ContinuousClock.now
            var claimed: [JobID] = []
            for _ in 0..<3 {
                let jobs = try await bed.claim(2, by: worker, floors: floors)
                floors.advance(over: jobs, askedFor: 2, at: start)
                claimed += jobs.map(\.id)
            }
            #expect(claimed == ids)
        }
    }

    @Test func `a job that commits late is behind the floor for a second at most`() async throws {
        try await Testbed.with { bed in
            let worker = try await bed.worker()
            let (begun, hasBegun) = AsyncStream.makeStream(of: Void.self)
            // The late one takes its number first and commits last.
            let late = Task {
                try await bed.pool.run { session in
                    try session.begin(with: [Queue.enqueue([bed.request("late")], now: bed.now)])
                    hasBegun.finish()
                    while try session.query("SELECT FROM queue.queues WHERE name = 'go'").isEmpty {}
                    try session.commit()
                }
            }
            for await _ in begun {}
            _ = try await bed.enqueue(8)
            var floors = ClaimFloors()
            let start = ContinuousClock.now
            floors.advance(over: try await bed.claim(4, by: worker, floors: floors), askedFor: 4, at: start)
            _ = try await bed.pool.query("INSERT INTO queue.queues (name) VALUES ('go')")
            try await late.value

            floors.expire(at: start + .milliseconds(999))
            let young = try await bed.claim(2, by: worker, floors: floors)
            #expect(young.map(\.kind) == ["noop", "noop"])
            floors.advance(over: young, askedFor: 2, at: start + .milliseconds(999))
            floors.expire(at: start + .seconds(1))
            #expect(try await bed.claim(1, by: worker, floors: floors).map(\.kind) == ["late"])
        }
    }

    @Test func `floors go back when the queue was found empty`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(3)
            let worker = try await bed.worker()
            var floors = ClaimFloors()
            floors.advance(over: try await bed.claim(2, by: worker), askedFor: 2, at: .now)
            #expect(floors != ClaimFloors())
            floors.advance(over: try await bed.claim(2, by: worker, floors: floors), askedFor: 2, at: .now)
            #expect(floors == ClaimFloors())
        }
    }

    @Test func `the plan of a claim walks the key of ready, even when the table is all but empty`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1)
            try await bed.asOwner("ANALYZE queue.ready")
            let plan = try await bed.pool.run { session in
                let claim = Queue.claim(
                    for: .random(), from: "default", floors: ClaimFloors(), count: 10)
                let results = try session.pipeline([Queue.plansByIndex, "EXPLAIN (COSTS OFF) \(claim)"])
                return try results[1].rows.map { try $0.value("QUERY PLAN", as: String.self) }.joined(separator: "\n")
            }
            #expect(plan.contains("Index Scan using ready_pkey on ready"))
            #expect(plan.contains("Index Scan using jobs_default_pkey"))
            #expect(!plan.contains("Seq Scan on ready"))
        }
    }
}
