import Database
import Foundation
import Testing

@Suite struct PoolTests {
    private static let backend: SQL = "SELECT pg_backend_pid() AS pid"

    private func pid(_ pool: Pool) async throws -> Int32 {
        try #require(try await pool.query(Self.backend).first).value("pid")
    }

    @Test func `no more connections are opened than allowed, and idle ones are used again`() async throws {
        try await withPool(connections: 2) { pool in
            try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<20 { group.addTask { try await pid(pool) } }
                let pids = try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
                #expect(pids.count <= 2)
            }
            #expect(pool.usage.inUse == 0)
            #expect(pool.usage.idle <= 2)
        }
    }

    @Test func `who waits is served in the order of arrival`() async throws {
        try await withPool(connections: 1) { pool in
            let gate = Gate()
            let order = Order()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run { _ in gate.wait() } }
                try await eventually { pool.usage.inUse == 1 }
                for number in 0..<10 {
                    group.addTask { try await pool.run { _ in order.append(number) } }
                    try await eventually { pool.usage.waiting == number + 1 }
                }
                gate.open()
                try await group.waitForAll()
            }
            #expect(order.numbers == Array(0..<10))
        }
    }

    @Test func `a waiter that is cancelled goes away and the others are served`() async throws {
        try await withPool(connections: 1) { pool in
            let gate = Gate()
            async let holder: Void = pool.run { _ in gate.wait() }
            try await eventually { pool.usage.inUse == 1 }
            let waiter = Task { try await pool.query("SELECT 1") }
            try await eventually { pool.usage.waiting == 1 }
            let second = Task { try await pool.query("SELECT 1") }
            try await eventually { pool.usage.waiting == 2 }
            waiter.cancel()
            let error = await databaseError { try await waiter.value }
            #expect(error?.kind == .cancelled)
            #expect(pool.usage.waiting == 1)
            gate.open()
            try await holder
            #expect(try await second.value.count == 1)
        }
    }

    @Test func `who waits too long for a connection is told so, and whoever comes in time is served`() async throws {
        try await withPool(connections: 1, configure: { $0.acquireTimeout = .milliseconds(100) }) { pool in
            let gate = Gate()
            async let holder: Void = pool.run { _ in gate.wait() }
            try await eventually { pool.usage.inUse == 1 }
            let late = (0..<3).map { _ in Task { try await pool.query("SELECT 1") } }
            for waiter in late {
                let error = await databaseError { try await waiter.value }
                #expect(error?.kind == .connection)
                #expect(error?.isRetryable == true)
                #expect(error?.message.contains("1 are in use") == true)
            }
            #expect(pool.usage.waiting == 0)
            // The watch has ended meanwhile, and begins again.
            let error = await databaseError { try await pool.query("SELECT 1") }
            #expect(error?.kind == .connection)
            gate.open()
            try await holder
            #expect(try await pool.query("SELECT 1").count == 1)
        }
    }

    @Test func `a transaction left open is rolled back before the next use`() async throws {
        try await withPool(connections: 1) { pool in
            _ = try await pool.query("CREATE TABLE t (n int8)")
            try await pool.run { session in _ = try session.begin(with: ["INSERT INTO t VALUES (1)"]) }
            try await pool.run { session in
                #expect(!session.isInTransaction)
                let rows = try session.query("SELECT n FROM t")
                #expect(rows.isEmpty)
            }
        }
    }

    @Test func `a connection killed while idle is replaced without the caller noticing`() async throws {
        try await withPool(connections: 3) { pool in
            try await withPool(connections: 1) { admin in
                // All three open and idle.
                let gates = [Gate(), Gate(), Gate()]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for gate in gates {
                        group.addTask {
                            try await pool.run { session in
                                _ = try session.first(Self.backend)
                                gate.wait()
                            }
                        }
                    }
                    try await eventually { pool.usage.inUse == 3 }
                    for gate in gates { gate.open() }
                    try await group.waitForAll()
                }
                let name: String = try await #require(pool.query("SELECT current_database()::text AS name").first)
                    .value("name")
                _ = try await admin.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name)")
                try await eventually {
                    try await admin.query("SELECT 1 FROM pg_stat_activity WHERE datname = \(name)").isEmpty
                }
                for _ in 0..<3 { _ = try await pid(pool) }
            }
        }
    }

    @Test func `a connection killed at work fails its caller, and the next call has a new one`() async throws {
        try await withPool(connections: 1) { pool in
            let first = try await pid(pool)
            let error = await databaseError {
                try await pool.run { session in
                    try session.begin()
                    try session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(error?.kind == .connection)
            #expect(error?.sqlState == "57P01")
            #expect(error?.isRetryable == true)
            #expect(try await pid(pool) != first)
        }
    }

    @Test func `a connection lost on the way to a commit leaves the outcome open`() async throws {
        try await withPool(connections: 1) { pool in
            let error = await databaseError {
                try await pool.run { session in
                    try session.begin()
                    try session.commit(with: ["SELECT pg_terminate_backend(pg_backend_pid())"])
                }
            }
            #expect(error?.kind == .connection)
            #expect(error?.isOutcomeUnknown == true)
            #expect(error?.isRetryable == false)
        }
    }

    @Test func `a closed pool refuses work, turns waiters away and leaves no connection`() async throws {
        try await withPool(connections: 1) { pool in
            let gate = Gate()
            async let holder: Void = pool.run { _ in gate.wait() }
            try await eventually { pool.usage.inUse == 1 }
            async let waiter = databaseError { try await pool.query("SELECT 1") }
            try await eventually { pool.usage.waiting == 1 }
            async let closed: Void = pool.close()
            #expect(await waiter?.kind == .connection)
            gate.open()
            try await holder
            await closed
            #expect(pool.usage.inUse == 0 && pool.usage.idle == 0)
            #expect(await databaseError { try await pool.query("SELECT 1") }?.kind == .connection)
        }
    }
}
