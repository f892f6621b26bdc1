import Database
import Foundation
import Jobs
import Testing

@Suite struct UniqueKeyTests {
    @Test func `fifty at once with one key make one job, and all learn which`() async throws {
        try await Testbed.with(connections: 10) { bed in
            let answers = try await withThrowingTaskGroup(of: JobPlacement.self) { group in
                for _ in 0..<50 {
                    group.addTask { try #require(try await bed.enqueue([bed.request(key: "invoice 1")]).first) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter(\.isCreated).count == 1)
            #expect(Set(answers.map(\.jobID)).count == 1)
            #expect(try await bed.count("queue.jobs") == 1)
            #expect(try await bed.count("queue.ready") == 1)
        }
    }

    @Test func `two requests of one statement with one key are one job`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.request(key: "a"), bed.request(key: "a"), bed.request(key: "b")])
            #expect(placed.map(\.isCreated) == [true, false, true])
            #expect(placed[0].jobID == placed[1].jobID)
        }
    }

    @Test func `a key belongs to its kind`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([bed.request("one", key: "a"), bed.request("two", key: "a")])
            #expect(placed.map(\.isCreated) == [true, true])
        }
    }

    @Test func `a key is free again when its job has ended, not before`() async throws {
        try await Testbed.with { bed in
            let worker = try await bed.worker()
            func askAgain() async throws -> Bool {
                try #require(try await bed.enqueue([bed.request(key: "a")]).first).isCreated
            }
            #expect(try await askAgain())
            let first = try await bed.claim(1, by: worker)
            #expect(try await askAgain() == false)
            _ = try await bed.ids(Queue.complete(first.map(\.lease), notes: [nil]))
            #expect(try await askAgain())
            let second = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.ids(Queue.postpone(second.lease, to: bed.now, because: .failed, reason: "no"))
            #expect(try await askAgain() == false)
            _ = try await bed.pool.query(Queue.promote(now: bed.now, limit: 10))
            let third = try #require(try await bed.claim(1, by: worker).first)
            _ = try await bed.ids(Queue.bury(third.lease, because: .attempts, reason: "no"))
            #expect(try await askAgain())
        }
    }

    @Test func `whoever waits for a transaction that is undone gets the job`() async throws {
        try await Testbed.with { bed in
            let (taken, hasTaken) = AsyncStream.makeStream(of: Void.self)
            struct Undo: Error {}
            let first = Task {
                try await bed.pool.transaction { session in
                    try session.execute(Queue.enqueue([bed.request(key: "a")], now: bed.now))
                    hasTaken.finish()
                    // Until the other one waits for us, by the database's own account.
                    let waiting: SQL = "SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
                    while try session.query(waiting).isEmpty {}
                    throw Undo()
                }
            }
            for await _ in taken {}
            let second = try await bed.enqueue([bed.request(key: "a")])
            await #expect(throws: Undo.self) { try await first.value }
            #expect(second.map(\.isCreated) == [true])
            #expect(try await bed.count("queue.jobs") == 1)
        }
    }

    @Test func `statements that take the same keys in another order do not wait for each other`() async throws {
        try await Testbed.with(connections: 8) { bed in
            let requests = (0..<20).map { bed.request("k\($0)", key: "x") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 { group.addTask { try await bed.enqueue(requests.shuffled()) } }
                try await group.waitForAll()
            }
            #expect(try await bed.count("queue.jobs") == 20)
        }
    }
}
