import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// What happens again and again by hand, with the real program.
@Suite struct SchedulesCommandTests {
    @Test func `a schedule is shown, held and resumed`() async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            func run(_ words: [String]) async throws -> String {
                try await DrizzlProcess.run(["schedules"] + words, environment: ["DATABASE_URL": url])
            }
            #expect(try await run([]).hasPrefix("There are no schedules."))
            let nightly = try Schedule(
                "count the stars", cron: "0 3 * * *", in: .gmt, catchUp: .last,
                enqueues: JobRequest(kind: "count", payload: JSON(text: "{}")))
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1, role: "drizzl_app"))
            _ = try await pool.query(try Queue.declare([nightly], now: Date(timeIntervalSince1970: 0)))
            await pool.close()

            let shown = try await run(["list"])
            for words in ["count the stars", "0 3 * * *", "missed ones: last", "1970-01-01 03:00:00", "last   never"] {
                #expect(shown.contains(words), "\(words) in \(shown)")
            }
            #expect(try await run(["pause", "count the stars"]).contains("is held"))
            #expect(try await run([]).contains("PAUSED since"))
            let json = try JSONSerialization.jsonObject(with: Data(try await run(["list", "--json"]).utf8))
            let line = try #require((json as? [[String: Any]])?.first)
            #expect(line["name"] as? String == "count the stars")
            #expect(line["pausedAt"] != nil)
            #expect(try await run(["resume", "count the stars"]) == "\"count the stars\" fires again.\n")
            #expect(!(try await run([]).contains("PAUSED")))

            let error = await #expect(throws: DrizzlProcess.Failure.self) { try await run(["pause", "x"]) }
            #expect(error?.description.contains("There is no schedule \"x\"") == true)
        }
    }
}
