import Database
import Jobs
import Testing

@Suite struct LeadershipTests {
    @Test func `one leads until its term has run out or it steps down`() async throws {
        try await Testbed.with { bed in
            func lead(_ holder: Int64, for term: Duration = .seconds(60)) async throws -> Int64? {
                try await bed.pool.query(Queue.lead("scheduler", holder: holder, for: term)).first?.value("term")
            }
            #expect(try await lead(1) == 1)
            #expect(try await lead(2) == nil)
            #expect(try await lead(1) == 1)
            _ = try await bed.pool.query(Queue.stepDown("scheduler", holder: 2))
            #expect(try await lead(2) == nil)
            _ = try await bed.pool.query(Queue.stepDown("scheduler", holder: 1))
            #expect(try await lead(2, for: .seconds(-1)) == 2)
            #expect(try await lead(1) == 3)
            #expect(try await bed.pool.query(Queue.lead("other", holder: 2, for: .seconds(60))).count == 1)
        }
    }

    @Test func `of many that want to lead at once one does`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let leaders = try await withThrowingTaskGroup(of: Int.self) { group in
                for holder in 1...20 {
                    group.addTask {
                        try await bed.pool.query(
                            Queue.lead("scheduler", holder: Int64(holder), for: .seconds(60))
                        ).count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(leaders == 1)
        }
    }
}
