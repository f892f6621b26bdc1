import Database
import Foundation
import Testing

@Suite struct ErrorTests {
    private let secret = "hush4711"

    private func expectNoSecret(_ error: DatabaseError?, sourceLocation: SourceLocation = #_sourceLocation) {
        var dumped = ""
        dump(error, to: &dumped)
        #expect(error != nil, sourceLocation: sourceLocation)
        #expect(!dumped.contains(secret) && !dumped.contains("4711"), sourceLocation: sourceLocation)
        #expect(
            error.map { "\($0)\($0.localizedDescription)".contains(secret) } == false, sourceLocation: sourceLocation)
    }

    @Test func `no error quotes a bind value`() async throws {
        try await withPool { pool in
            try await pool.run { [secret] session in
                try session.executeScript(
                    unsafeUnescaped: """
                        CREATE TABLE t (name varchar(10) UNIQUE CONSTRAINT t_name CHECK (name <> 'bad4711'), n int8 NOT NULL);
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE check_violation USING MESSAGE = 'refused ' || NEW.name, DETAIL = NEW.name,
                          CONSTRAINT = 'never_this', TABLE = 't'; END $$;
                        """)
                for sql in [
                    "SELECT \(secret)::int8", "SELECT \(secret)::timestamptz", "SELECT \(secret)::jsonb",
                    "INSERT INTO t VALUES (\(secret + secret), 1)", "INSERT INTO t VALUES (\("bad4711"), 1)",
                    "INSERT INTO t VALUES (\(secret), NULL)", "SELECT 1 / (length(\(secret)) - 8)",
                    "INSERT INTO t VALUES (\(secret), 1), (\(secret), 2)",
                ] as [SQL] {
                    expectNoSecret(databaseErrorNow { try session.execute(sql) })
                }
                try session.execute("CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()")
                let error = databaseErrorNow { try session.execute("INSERT INTO t VALUES (\(secret), 1)") }
                expectNoSecret(error)
                #expect(error?.constraint == "never_this")
                #expect(error?.kind == .constraint)
            }
        }
    }

    @Test func `an error names what was broken`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute("CREATE TABLE t (n int8 NOT NULL, m int8 CONSTRAINT t_m_key UNIQUE)")
                let null = databaseErrorNow { try session.execute("INSERT INTO t VALUES (NULL)") }
                #expect(null?.column == "n" && null?.table == "t")
                #expect(null?.message == "column \"n\" of table \"t\" must not be NULL")
                let twice = databaseErrorNow { try session.execute("INSERT INTO t VALUES (1, 1), (1, 1)") }
                #expect(twice?.message == "unique key \"t_m_key\" of table \"t\" would be broken")
                let typo = databaseErrorNow { try session.execute("SELEC 1") }
                #expect(typo?.message == "syntax error at or near \"SELEC\"")
                let own = databaseErrorNow {
                    try session.executeScript(unsafeUnescaped: "DO $$ BEGIN RAISE 'only the engine may'; END $$")
                }
                #expect(own?.message == "only the engine may")
                #expect(own?.sqlState == "P0001")
            }
        }
    }

    @Test func `a lock that is taken is told apart`() async throws {
        try await withPool { pool in
            _ = try await pool.query("CREATE TABLE t AS SELECT 1 AS n")
            let gate = Gate()
            async let holder: Void = pool.run { session in
                try session.begin(with: ["SELECT n FROM t FOR UPDATE"])
                gate.wait()
            }
            try await eventually {
                try await !pool.query("SELECT 1 FROM pg_locks WHERE mode = 'RowShareLock' AND relation = 't'::regclass")
                    .isEmpty
            }
            let error = await databaseError { try await pool.query("SELECT n FROM t FOR UPDATE NOWAIT") }
            #expect(error?.kind == .lockTimeout)
            #expect(error?.isRetryable == true)
            gate.open()
            try await holder
        }
    }
}
