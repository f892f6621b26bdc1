import Database
import Testing

private struct Stop: Error {}

@Suite struct TransactionTests {
    private func withTable(_ body: @escaping @Sendable (Session) throws -> Void) async throws {
        try await withPool(connections: 1) { pool in
            try await pool.run { session in
                try session.executeScript(
                    unsafeUnescaped: """
                        CREATE TABLE t (n int8 PRIMARY KEY);
                        CREATE TABLE child (n int8 REFERENCES t DEFERRABLE INITIALLY DEFERRED);
                        """)
                try body(session)
            }
        }
    }

    @Test func `begin and commit with their statements take two round trips in all`() async throws {
        try await withTable { session in
            let start = session.roundTrips
            let read = try session.begin(with: ["SELECT count(*) AS n FROM t", "SELECT \(7) AS n"])
            #expect(try read.map { try $0.rows[0].value("n", as: Int.self) } == [0, 7])
            let written = try session.commit(with: ["INSERT INTO t VALUES (\(1)) RETURNING n"])
            #expect(session.roundTrips - start == 2)
            #expect(written.map(\.affectedRows) == [1])
            #expect(!session.isInTransaction)
            #expect(try session.first("SELECT n FROM t")?.value("n") == 1)
        }
    }

    @Test func `an error in begin leaves no transaction open`() async throws {
        try await withTable { session in
            let error = databaseErrorNow { try session.begin(with: ["SELECT 1", "SELECT nonsense"]) }
            #expect(error?.sqlState == "42703")
            #expect(!session.isInTransaction)
            try session.begin()
            try session.rollback()
        }
    }

    @Test func `an error in commit rolls back before it is thrown`() async throws {
        try await withTable { session in
            try session.begin(with: ["INSERT INTO t VALUES (\(1))"])
            let error = databaseErrorNow {
                try session.commit(with: ["INSERT INTO t VALUES (\(2))", "INSERT INTO t VALUES (\(1))"])
            }
            #expect(error?.kind == .constraint)
            #expect(error?.constraint == "t_pkey")
            #expect(!session.isInTransaction)
            #expect(try session.first("SELECT count(*) AS n FROM t")?.value("n") == 0)
        }
    }

    @Test func `a rule that is checked at commit makes the commit fail`() async throws {
        try await withTable { session in
            try session.begin()
            let error = databaseErrorNow { try session.commit(with: ["INSERT INTO child VALUES (\(9))"]) }
            #expect(error?.sqlState == "23503")
            #expect(!session.isInTransaction)
        }
    }

    @Test func `a transaction that has failed cannot be committed by mistake`() async throws {
        try await withTable { session in
            try session.begin(with: ["INSERT INTO t VALUES (\(1))"])
            _ = databaseErrorNow { try session.execute("SELECT nonsense") }
            let error = databaseErrorNow { try session.commit() }
            #expect(error?.sqlState == "25P02")
            #expect(!session.isInTransaction)
        }
    }

    @Test func `begin within a transaction and commit without one are refused`() async throws {
        try await withTable { session in
            #expect(databaseErrorNow { try session.commit() }?.kind == .other)
            try session.begin()
            #expect(databaseErrorNow { try session.begin() }?.kind == .other)
            #expect(session.isInTransaction)
            try session.commit()
            try session.rollback()
        }
    }

    @Test func `a savepoint undoes its own part only, however deep`() async throws {
        try await withTable { session in
            try session.begin(with: ["INSERT INTO t VALUES (1)"])
            try session.savepoint { try session.execute("INSERT INTO t VALUES (2)") }
            #expect(throws: Stop.self) {
                try session.savepoint {
                    try session.execute("INSERT INTO t VALUES (3)")
                    try session.savepoint { try session.execute("INSERT INTO t VALUES (4)") }
                    throw Stop()
                }
            }
            let error = databaseErrorNow {
                try session.savepoint { try session.execute("INSERT INTO t VALUES (\(1))") }
            }
            #expect(error?.kind == .constraint)
            try session.commit()
            let rows = try session.query("SELECT n FROM t ORDER BY n")
            #expect(try rows.map { try $0.value("n", as: Int.self) } == [1, 2])
        }
    }

    @Test func `a transaction of the pool commits what returns and rolls back what throws`() async throws {
        try await withPool { pool in
            _ = try await pool.query("CREATE TABLE t (n int8)")
            try await pool.transaction { session in _ = try session.execute("INSERT INTO t VALUES (1)") }
            await #expect(throws: Stop.self) {
                try await pool.transaction { session in
                    try session.execute("INSERT INTO t VALUES (2)")
                    throw Stop()
                }
            }
            let rows = try await pool.query("SELECT n FROM t")
            #expect(try rows.map { try $0.value("n", as: Int.self) } == [1])
        }
    }

    @Test func `updates that clash are told apart and may be repeated`() async throws {
        try await withPool { first in
            _ = try await first.query("CREATE TABLE t AS SELECT 1::int8 AS n")
            let (didRead, read) = AsyncStream<Void>.makeStream()
            let gate = Gate()
            async let loser = databaseError {
                try await first.run { session in
                    try session.begin(.repeatableRead, with: ["SELECT n FROM t"])
                    read.finish()
                    gate.wait()
                    try session.commit(with: ["UPDATE t SET n = n + \(1)"])
                }
            }
            for await _ in didRead {}
            _ = try await first.query("UPDATE t SET n = 10")
            gate.open()
            let error = await loser
            #expect(error?.kind == .serialization)
            #expect(error?.isRetryable == true)
        }
    }
}
