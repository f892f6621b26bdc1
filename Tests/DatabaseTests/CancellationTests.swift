import Database
import Testing

@Suite struct CancellationTests {
    private func isSleeping(_ observer: Pool) async throws -> Bool {
        try await !observer.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        ).isEmpty
    }

    @Test func `cancelling a task stops its statement, and the connection stays`() async throws {
        try await withPool(connections: 2) { pool in
            let sleeper = Task {
                try await pool.run { session in
                    let pid: Int32? = try session.first("SELECT pg_backend_pid() AS pid")?.value("pid")
                    let error = databaseErrorNow { try session.query("SELECT pg_sleep(60)") }
                    // The task is cancelled for good: nothing more is sent for it.
                    let next = databaseErrorNow { try session.query("SELECT 1") }
                    return (pid, error?.kind, next?.kind)
                }
            }
            try await eventually { try await isSleeping(pool) }
            sleeper.cancel()
            let (pid, kind, next) = try await sleeper.value
            #expect(kind == .cancelled)
            #expect(next == .cancelled)
            let pids = try await withThrowingTaskGroup(of: Int32?.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await pool.query("SELECT pg_backend_pid() AS pid").first?.value("pid") }
                }
                return try await group.reduce(into: Set<Int32?>()) { $0.insert($1) }
            }
            #expect(pids.contains(pid))
        }
    }

    @Test func `cancelling within a transaction rolls it back`() async throws {
        try await withPool(connections: 2) { pool in
            _ = try await pool.query("CREATE TABLE t (n int8)")
            let task = Task {
                try await pool.transaction { session in
                    try session.execute("INSERT INTO t VALUES (1)")
                    try session.execute("SELECT pg_sleep(60)")
                }
            }
            try await eventually { try await isSleeping(pool) }
            task.cancel()
            #expect(await databaseError { try await task.value }?.kind == .cancelled)
            #expect(try await pool.query("SELECT n FROM t").isEmpty)
        }
    }

    @Test func `a task cancelled before it begins does not reach the server`() async throws {
        try await withPool(connections: 1) { pool in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await pool.query("SELECT 1")
            }
            #expect(await databaseError { try await task.value }?.kind == .cancelled)
            #expect(pool.usage.idle == 0)
        }
    }

    @Test func `a cancelling that comes late never stops the next statement`() async throws {
        try await withPool(connections: 1) { pool in
            for round in 0..<150 {
                let task = Task { try await pool.query("SELECT pg_sleep(0.001)") }
                for _ in 0..<(round % 30) { await Task.yield() }
                task.cancel()
                let next = await databaseError { try await pool.query("SELECT pg_sleep(0.001)") }
                #expect(next == nil)
                let error = await databaseError { try await task.value }
                #expect(error == nil || error?.kind == .cancelled)
            }
        }
    }
}
