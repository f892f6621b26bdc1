import Database
import Testing

@Suite struct SessionTests {
    @Test func `every statement is one round trip, its first use included`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                let start = session.roundTrips
                for number in 1...3 {
                    let row = try session.first("SELECT \(number) AS n")
                    #expect(try row?.value("n") == number)
                }
                #expect(session.roundTrips - start == 3)
                let prepared = try session.first(
                    "SELECT count(*) AS n FROM pg_prepared_statements WHERE statement = 'SELECT $1 AS n'")
                #expect(try prepared?.value("n") == 1)
            }
        }
    }

    @Test func `a pipeline is one round trip and answers in order`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                let start = session.roundTrips
                let results = try session.pipeline([
                    "CREATE TEMPORARY TABLE t (n int8)", "INSERT INTO t SELECT generate_series(1, \(5))",
                    "UPDATE t SET n = n + 1 WHERE n > \(3)", "SELECT sum(n)::int8 AS sum FROM t",
                ])
                #expect(session.roundTrips - start == 1)
                #expect(results.map(\.affectedRows) == [0, 5, 2, 1])
                #expect(try results[3].rows[0].value("sum", as: Int.self) == 17)
                #expect(try session.pipeline([]).isEmpty)
            }
        }
    }

    @Test func `one text with values of different types makes different statements`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                func kind(_ value: some SQLEncodable) throws -> String? {
                    try session.first("SELECT pg_typeof(\(value))::text AS kind")?.value("kind")
                }
                let kinds = [try kind(1), try kind(true), try kind(nil as Int32?), try kind(1)]
                #expect(kinds == ["bigint", "boolean", "integer", "bigint"])
            }
        }
    }

    @Test func `a failed pipeline takes nothing with it and leaves the connection usable`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute("CREATE TABLE t (n int8)")
                let error = databaseErrorNow {
                    try session.pipeline([
                        "INSERT INTO t VALUES (\(1))", "SELECT nonsense", "INSERT INTO t (n) VALUES (\(2))",
                    ])
                }
                #expect(error?.sqlState == "42703")
                // The last was never prepared, though it stood in the pipeline; it must not be taken for prepared.
                try session.execute("INSERT INTO t (n) VALUES (\(2))")
                #expect(try session.query("SELECT n FROM t").map { try $0.value("n", as: Int.self) } == [2])
            }
        }
    }

    @Test func `a pipeline too long for every buffer does not stop`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                let text = String(repeating: "x", count: 20_000)
                let results = try session.pipeline((0..<1_500).map { "SELECT \($0) AS n, \(text)::text AS text" })
                #expect(results.count == 1_500)
                #expect(try results[1_499].rows[0].value("n", as: Int.self) == 1_499)
            }
        }
    }

    @Test func `the server keeps a bounded number of prepared statements`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                func prepared() throws -> Int? {
                    try session.first("SELECT count(*) AS n FROM pg_prepared_statements")?.value("n")
                }
                let often: SQL = "SELECT 'often' AS word"
                for number in 0..<600 {
                    try session.execute("SELECT \(unsafeUnescaped: String(number)) AS n")
                    try session.execute(often)
                }
                #expect(try #require(try prepared()) <= 257)
                let kept = try session.first(
                    "SELECT count(*) AS n FROM pg_prepared_statements WHERE statement = \(often.text)")
                #expect(try kept?.value("n") == 1)
            }
        }
    }

    @Test func `a table that changes under a prepared statement is read anew`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute("CREATE TABLE t AS SELECT 1 AS a")
                let all: SQL = "SELECT * FROM t"
                #expect(try session.first(all)?.columnNames == ["a"])
                try session.execute("ALTER TABLE t ADD COLUMN b text")
                #expect(try session.first(all)?.columnNames == ["a", "b"])

                try session.execute("ALTER TABLE t DROP COLUMN b")
                #expect(try session.begin(with: [all])[0].rows[0].columnNames == ["a"])
                try session.execute("ALTER TABLE t ADD COLUMN c text")
                // Inside a transaction it cannot be repeated here; the caller may, and then it works.
                let error = databaseErrorNow { try session.query(all) }
                #expect(error?.sqlState == "0A000")
                #expect(error?.isRetryable == true)
                try session.rollback()
                #expect(try session.first(all)?.columnNames == ["a"])
            }
        }
    }

    @Test func `statements that somebody deallocated are prepared again`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                let sql: SQL = "SELECT \(1) AS n"
                try session.execute(sql)
                try session.execute("DEALLOCATE ALL")
                #expect(try session.first(sql)?.value("n") == 1)
                #expect(try session.first(sql)?.value("n") == 1)
            }
        }
    }

    @Test func `COPY and too many values are refused before they are sent`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                _ = try session.first("SELECT 1")
                let start = session.roundTrips
                #expect(databaseErrorNow { try session.execute(" copy t FROM STDIN") }?.kind == .other)
                let many = Array(repeating: "\(1)" as SQL, count: 70_000).joined(separator: ", ")
                #expect(databaseErrorNow { try session.execute("SELECT \(many)") }?.kind == .other)
                #expect(session.roundTrips == start)
                try session.execute("SELECT 1")
            }
        }
    }

    @Test func `a script runs several statements and stops at the first fault`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.executeScript(
                    unsafeUnescaped: "CREATE TABLE t (n int);\nINSERT INTO t VALUES (1); SELECT 1;")
                let error = databaseErrorNow {
                    try session.executeScript(unsafeUnescaped: "INSERT INTO t VALUES (2); SELECT nonsense;")
                }
                #expect(error?.sqlState == "42703")
                #expect(try session.first("SELECT count(*) AS n FROM t")?.value("n") == 1)
            }
        }
    }
}
