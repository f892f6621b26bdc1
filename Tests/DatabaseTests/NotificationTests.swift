import Database
import TestSupport
import Testing

@Suite struct NotificationTests {
    private func listeners(_ pool: Pool) async throws -> [Row] {
        try await pool.query(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'ear' AND datname = current_database()")
    }

    @Test func `notifications arrive, survive a lost connection, and end with their reader`() async throws {
        try await ScratchDatabase.with { url in
            let pool = Pool(DatabaseConfiguration(url: url))
            let stream = notifications(
                DatabaseConfiguration(url: url, applicationName: "ear"), channels: ["jobs", "Odd \"name\""])
            let heard = Order()
            let reader = Task {
                var iterator = stream.makeAsyncIterator()
                #expect(await iterator.next() == .reconnected)
                _ = try await pool.query(
                    "SELECT pg_notify('jobs', 'a'), pg_notify('Odd \"name\"', ''), pg_notify('x', '')")
                #expect(await iterator.next() == .notified(channel: "jobs", payload: "a"))
                #expect(await iterator.next() == .notified(channel: "Odd \"name\"", payload: ""))
                let pid: Int32 = try await #require(listeners(pool).first).value("pid")
                _ = try await pool.query("SELECT pg_terminate_backend(\(pid))")
                #expect(await iterator.next() == .reconnected)
                _ = try await pool.query("SELECT pg_notify('jobs', 'b')")
                #expect(await iterator.next() == .notified(channel: "jobs", payload: "b"))
                heard.append(1)
                // Waits for what never comes, until the task is cancelled.
                #expect(await iterator.next() == nil)
            }
            try await eventually { heard.numbers == [1] }
            reader.cancel()
            try await reader.value
            try await eventually { try await listeners(pool).isEmpty }
            await pool.close()
        }
    }

    @Test func `a reader that stops reading closes the connection`() async throws {
        try await ScratchDatabase.with { url in
            let pool = Pool(DatabaseConfiguration(url: url))
            let configuration = DatabaseConfiguration(url: url, applicationName: "ear")
            for await event in notifications(configuration, channels: ["jobs"]) {
                #expect(event == .reconnected)
                break
            }
            try await eventually { try await listeners(pool).isEmpty }
            await pool.close()
        }
    }
}
