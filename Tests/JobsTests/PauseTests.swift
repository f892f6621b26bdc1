import Database
import Foundation
import Jobs
import Testing

@Suite struct PauseTests {
    @Test func `jobs of a paused kind are put aside, others go on, and all run after the pause`() async throws {
        try await Testbed.with { bed in
            let ids = try await bed.enqueue((0..<6).map { bed.request($0 % 2 == 0 ? "print" : "mail") }).map(\.jobID)
            let worker = try await bed.worker()
            _ = try await bed.pool.query(Queue.pause(.kind("print"), by: "Ida", reason: "no paper"))
            let claim = try await bed.pool.run { session in
                try Queue.take(for: worker, from: "default", floors: ClaimFloors(), count: 6, in: session)
            }
            #expect(claim.jobs.map(\.kind) == ["mail", "mail", "mail"])
            #expect(claim.taken == 6)
            #expect(try await bed.places(of: ids) == [.held, .leased, .held, .leased, .held, .leased])
            #expect(try await bed.pool.query(Queue.letGo(limit: 10)).isEmpty)

            #expect(try await bed.pool.query(Queue.resume(.kind("print"))).count == 1)
            #expect(try await bed.pool.query(Queue.resume(.kind("print"))).isEmpty)
            let moved = try await bed.pool.query(Queue.letGo(limit: 2))
            #expect(try moved.first?.value("jobs", as: Int.self) == 2)
            _ = try await bed.pool.query(Queue.letGo(limit: 2))
            #expect(try await bed.claim(9, by: worker).map(\.id) == [ids[0], ids[2], ids[4]])
        }
    }

    @Test func `a paused key gives no slots, and gives back those it had`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.keyed("a"), bed.keyed("a"), bed.keyed("b")])
            try await bed.follow(QueueFollowUp(placed))
            _ = try await bed.pool.query(Queue.pause(.key("a"), by: "Ida", reason: "the carrier is down"))
            let worker = try await bed.worker()
            #expect(try await bed.claim(9, by: worker).map(\.id) == [placed[2].jobID])
            #expect(try await bed.count("queue.concurrency_slots") == 1)
            try await bed.follow(QueueFollowUp(placed))
            #expect(try await bed.places(of: placed.map(\.jobID)) == [.held, .waiting, .leased])

            _ = try await bed.pool.query(Queue.resume(.key("a")))
            _ = try await bed.pool.query(Queue.letGo(limit: 9))
            try await bed.follow(QueueFollowUp(placed))
            #expect(try await bed.claim(9, by: worker).count == 1)
        }
    }

    @Test func `the first who pauses is named`() async throws {
        try await Testbed.with { bed in
            for scope in [PauseScope.queue("bulk"), .kind("mail"), .key("a")] {
                let first = try await bed.pool.query(Queue.pause(scope, by: "Ida", reason: "one")).first
                let again = try await bed.pool.query(Queue.pause(scope, by: "Bo", reason: "two")).first
                let moments = try [first, again].map { try $0?.value("paused_at", as: Date.self) }
                #expect(moments[0] != nil)
                #expect(moments[0] == moments[1])
            }
            #expect(try await bed.count("queue.pauses WHERE paused_by = 'Ida' AND reason = 'one'") == 2)
            #expect(try await bed.count("queue.queues WHERE paused_by = 'Ida' AND pause_reason = 'one'") == 1)
        }
    }

    @Test func `pausing and resuming under load loses nothing and runs nothing twice`() async throws {
        try await Testbed.with(connections: 6) { bed in
            let ids = try await bed.enqueue((0..<200).map { bed.request("kind\($0 % 3)") }).map(\.jobID)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let worker = try await bed.worker()
                        while try await bed.count("queue.attempts") < ids.count {
                            let jobs = try await bed.claim(5, by: worker)
                            try await bed.finish(Queue.complete(jobs.map(\.lease), notes: jobs.map { _ in nil }))
                        }
                    }
                }
                group.addTask {
                    for round in 0..<30 {
                        let scope = PauseScope.kind("kind\(round % 3)")
                        _ = try await bed.pool.query(Queue.pause(scope, by: "Ida", reason: "x"))
                        _ = try await bed.pool.query(Queue.letGo(limit: 7))
                        _ = try await bed.pool.query(Queue.resume(scope))
                    }
                    while try await bed.count("queue.attempts") < ids.count {
                        _ = try await bed.pool.query(Queue.letGo(limit: 7))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bed.places(of: ids) == Array(repeating: .finished, count: 200))
            #expect(try await bed.count("queue.attempts") == 200)
        }
    }
}
