import Database
import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

/// How the program begins, waits and ends, seen from outside.
@Suite struct ServingTests {
    @Test(.timeLimit(.minutes(10)))
    func `a body that never ends is given up, and its connection with it, however it trickles`() async throws {
        try await Estate.with { estate in
            try await Served.with(estate.url) { served in
                let began = ContinuousClock.now
                try await RawConnection.with(port: served.port) { connection async throws in
                    let head = """
                        POST /api/v1/leads HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer token of rita\r
                        Content-Type: application/json\r\nContent-Length: 100\r\n\r\n
                        """
                    try await connection.send(Array(head.utf8))
                    // The connection is never idle, so no limit of its own ends it.
                    let trickle = Task { [outbound = connection.outbound] in
                        for _ in 0..<90 {
                            try await Task.sleep(for: .seconds(1))
                            try await outbound.write(ByteBuffer(string: " "))
                        }
                    }
                    defer { trickle.cancel() }
                    let answer = Answer(try await connection.answer())
                    #expect(answer.status == 408)
                    #expect(answer.code == "too_slow")
                    #expect(answer.raw.headers["connection"] == "close")
                    await #expect(throws: (any Error).self) { _ = try await connection.answer() }
                }
                #expect(ContinuousClock.now - began < .seconds(60))
                #expect(try await served.get("/healthz").status == 200)
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `it is ready while every migration is there and the database answers, and says so again`() async throws {
        try await Estate.with { estate in
            let owner = Pool(DatabaseConfiguration(url: estate.url, maximumConnections: 1))
            // The server's own database: nobody shuts the one that they stand in.
            let address = try #require(ProcessInfo.processInfo.environment["DRIZZL_TEST_DATABASE_URL"])
            let server = Pool(DatabaseConfiguration(url: address, maximumConnections: 1))
            try await Served.with(estate.url) { served in
                func isReady() async throws -> Bool { try await served.get("/readyz").status == 200 }
                #expect(try await isReady())

                let table: SQL = "public.schema_migrations"
                _ = try await owner.query("CREATE TABLE kept AS SELECT * FROM \(table) ORDER BY version DESC LIMIT 1")
                _ = try await owner.query("DELETE FROM \(table) WHERE version = (SELECT version FROM kept)")
                let missing = try await served.get("/readyz")
                #expect(missing.status == 503 && missing.code == "not_ready")
                #expect(try await served.get("/healthz").status == 200)
                _ = try await owner.query("INSERT INTO \(table) SELECT * FROM kept")
                #expect(try await isReady())

                let name = try await owner.query("SELECT current_database()::text AS name")[0]
                    .value("name", as: String.self)
                func letIn(_ isLetIn: Bool) async throws {
                    let word: SQL = isLetIn ? "true" : "false"
                    _ = try await server.query("ALTER DATABASE \(unsafeUnescaped: name) ALLOW_CONNECTIONS \(word)")
                }
                try await letIn(false)
                _ = try await server.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name)")
                try await eventually("it is not ready without its database") { try await !isReady() }
                let record = try await served.get("/api/v1/leads", headers: ["Authorization": "Bearer token of rita"])
                #expect(record.status == 503)
                #expect(record.raw.headers["retry-after"] != nil)
                #expect(try await served.get("/healthz").status == 200)
                try await letIn(true)
                try await eventually("it is ready with its database again") { try await isReady() }
            }
            await owner.close()
            await server.close()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `told to end, it finishes what it was asked, takes nothing more, and ends in order`() async throws {
        try await Estate.with { estate in
            let (locker, watcher) = (
                Pool(DatabaseConfiguration(url: estate.url, maximumConnections: 1)),
                Pool(DatabaseConfiguration(url: estate.url, maximumConnections: 1))
            )
            try await Served.with(estate.url) { served in
                let token = ["Authorization": "Bearer token of rita"]
                // Warm, so that all that the request waits for is the lock.
                #expect(try await served.get("/api/v1/leads", headers: token).status == 200)
                let (locked, announce) = AsyncStream.makeStream(of: Void.self)
                let isReleased = Flag()
                let holder = Task {
                    try await locker.transaction { session in
                        try session.execute("LOCK TABLE leads IN ACCESS EXCLUSIVE MODE")
                        announce.finish()
                        while !isReleased.isSet.withLock(\.self) { try session.execute("SELECT pg_sleep(0.05)") }
                    }
                }
                for await _ in locked {}
                async let asked = served.get("/api/v1/leads", headers: token)
                try await eventually("the request waits for the lock") {
                    try await !watcher.query(
                        "SELECT 1 AS one FROM pg_locks WHERE NOT granted AND relation = 'leads'::regclass"
                    ).isEmpty
                }
                async let ended = served.program.stop()
                try await eventually("nothing more is taken") {
                    (try? await served.get("/healthz")) == nil
                }
                #expect(served.program.isRunning)
                isReleased.isSet.withLock { $0 = true }
                let answer = try await asked
                #expect(answer.status == 200, "\(answer.raw.text)")
                #expect(await ended == 0)
                try await holder.value
            }
            await locker.close()
            await watcher.close()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `behind TLS alone browsers are told to stay with it`() async throws {
        try await Estate.with { estate in
            for (address, isTold) in [("http://localhost:8080", false), ("https://portal.example.com", true)] {
                try await Served.with(estate.url, settings: ["DRIZZL_PUBLIC_URL": address]) { served in
                    let header = try await served.get("/healthz").raw.headers["strict-transport-security"]
                    #expect((header != nil) == isTold, "\(address)")
                }
            }
        }
    }
}

/// Tells a thread that it may go on.
private final class Flag: Sendable {
    let isSet = Mutex(false)
}
