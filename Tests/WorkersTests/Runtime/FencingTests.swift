import Database
import Foundation
import Jobs
import TestSupport
import Testing
import Workers

@Suite struct FencingTests {
    private func impatient(_ bed: RuntimeTestbed) -> WorkerSettings {
        var settings = bed.settings
        settings.heartbeat = .milliseconds(50)
        return settings
    }

    @Test func `a worker that was given up stops what it does and starts over under a new name`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (started, cancelled) = (Gate(), Gate())
            let handler = Doing { context in
                started.open()
                guard context.lease.number == 1 else { return }
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    cancelled.open()
                    throw error
                }
            }
            try await bed.working([handler], impatient(bed)) {
                await started.opened()
                let before = try await bed.pool.query("SELECT id FROM queue.workers")
                // The row vanishes and the lease is rescued, as if the process had been silent for too long.
                _ = try await bed.pool.query("DELETE FROM queue.workers")
                _ = try await bed.pool.query(Queue.rescue(limit: 10))
                await cancelled.opened()
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(finished.attempts.last?.outcome == "succeeded")
                #expect(finished.summary.attempts == 1)
                // On a busy machine it may have been given up once more.
                let old = try before[0].value("id", as: Int64.self)
                try await eventually("it goes by another name") {
                    let after = try await bed.pool.query("SELECT id FROM queue.workers")
                    return try after.contains { try $0.value("id", as: Int64.self) != old }
                }
            }
        }
    }

    @Test func `without the database a worker fences itself, and takes up its work when it is back`() async throws {
        try await RuntimeTestbed.with { bed in
            let (started, cancelled) = (Gate(), Gate())
            let handler = Doing { context in
                started.open()
                guard context.lease.number == 1 else { return }
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    cancelled.open()
                    throw error
                }
            }
            var settings = impatient(bed)
            settings.life = .seconds(4)
            settings.fenceMargin = .seconds(2)
            let id = try await bed.enqueue("do")[0]
            try await bed.working([handler], settings) {
                await started.opened()
                // Beats are held up as by a server that does not answer: the row is locked.
                try await bed.pool.run { session in
                    try session.begin(with: ["SELECT FROM queue.workers FOR UPDATE"])
                    // Blocks this connection's thread until the handler was cancelled.
                    while cancelled.count == 0 { try session.execute("SELECT pg_sleep(0.01)") }
                    try session.rollback()
                }
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(finished.attempts.map(\.outcome) == ["released", "succeeded"])
                #expect(finished.summary.crashes == 0)
            }
        }
    }

    @Test func `after a restart of the server a worker starts over, lest a claim that was forgotten be its own twice`()
        async throws
    {
        try await RuntimeTestbed.with { bed in
            let (started, cancelled) = (Gate(), Gate())
            let handler = Doing { context in
                started.open()
                guard context.lease.number == 1 else { return }
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    cancelled.open()
                    throw error
                }
            }
            let id = try await bed.enqueue("do")[0]
            let owner = bed.owner()
            try await bed.working([handler], impatient(bed)) {
                await started.opened()
                let before = try await bed.details(id)
                _ = try await owner.query(
                    """
                    CREATE OR REPLACE FUNCTION queue.server_life() RETURNS text LANGUAGE sql STABLE
                    AS $$ SELECT 'another' $$
                    """)
                await cancelled.opened()
                let finished = try await bed.until(id) { $0.summary.place == .finished }
                #expect(before.summary.place == .leased)
                #expect(finished.attempts.map(\.outcome) == ["released", "succeeded"])
                #expect(finished.summary.crashes == 0)
            }
            await owner.close()
        }
    }

    @Test func `a server's life is told the same until it ends`() async throws {
        try await RuntimeTestbed.with { bed in
            let life = try await bed.pool.query("SELECT queue.server_life() AS life").first
            let again =
                try await bed.pool.query("SET TimeZone = 'Asia/Tokyo'").isEmpty
                ? bed.pool.query("SELECT queue.server_life() AS life").first : nil
            let text = try life?.value("life", as: String.self)
            #expect(try text == again?.value("life", as: String.self))
            // The server's start, and the start of its statistics.
            #expect(text?.split(separator: " ").count == 2)
        }
    }
}
