import Database
import Jobs
import Testing
import Workers

@Suite struct LostClaimTests {
    private func settings(_ bed: RuntimeTestbed) -> WorkerSettings {
        var settings = bed.settings
        settings.queues = [.init(concurrency: 4, prefetchLimit: 20)]
        return settings
    }

    @Test func `jobs of a claim that cannot be read are given back, long before the next beat`() async throws {
        try await RuntimeTestbed.with { bed in
            let owner = bed.owner()
            // A column of another type than the program reads: the claim commits, and its rows are of no use.
            _ = try await owner.query("ALTER TABLE queue.jobs ALTER COLUMN max_attempts TYPE integer")
            try await bed.working([Doing { _ in }], settings(bed)) {
                try await bed.enqueue("do", 10)
                try await bed.until { try await bed.count("queue.attempts WHERE outcome = 'released'") > 0 }
                _ = try await owner.query("ALTER TABLE queue.jobs ALTER COLUMN max_attempts TYPE smallint")
                try await bed.until { try await bed.count("queue.attempts WHERE outcome = 'succeeded'") == 10 }
            }
            #expect(try await bed.count("queue.attempts WHERE outcome = 'lost'") == 0)
            #expect(try await bed.count("queue.leases") == 0)
            await owner.close()
        }
    }

    @Test func `every job ends although the worker's connections are cut again and again`() async throws {
        try await RuntimeTestbed.with { bed in
            let owner = bed.owner()
            try await bed.enqueue("do", 600)
            try await bed.working([Doing { _ in }], settings(bed)) {
                for _ in 0..<30 {
                    // Mostly in the middle of a claim or after it; the moment between its commit and its answer is
                    // short, and the test above stands for it.
                    _ = try await owner.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE '%INSERT INTO queue.leases%'
                          AND pid <> pg_backend_pid()
                        """)
                    try await bed.enqueue("do", 10)
                }
                try await bed.until { try await bed.count("queue.attempts WHERE outcome = 'succeeded'") >= 900 }
                try await bed.until { try await bed.count("queue.leases") == 0 }
            }
            #expect(try await bed.count("queue.attempts WHERE outcome = 'succeeded'") == 900)
            #expect(try await bed.count("queue.ready") == 0)
            #expect(try await bed.count("queue.attempts WHERE outcome = 'lost'") == 0)
            await owner.close()
        }
    }

    @Test func `in another life of the server a worker starts over before it claims, long before its next beat`()
        async throws
    {
        try await RuntimeTestbed.with { bed in
            let owner = bed.owner()
            var patient = settings(bed)
            (patient.heartbeat, patient.life) = (.seconds(3_600), .seconds(7_200))
            try await bed.working([Doing { _ in }], patient) {
                try await bed.until { try await bed.count("queue.workers") == 1 }
                let before = try await bed.pool.query("SELECT id FROM queue.workers").first?.value("id", as: Int64.self)
                _ = try await owner.query(
                    """
                    CREATE OR REPLACE FUNCTION queue.server_life() RETURNS text LANGUAGE sql STABLE
                    AS $$ SELECT 'another life' $$
                    """)
                // A claim that had asked for the life just before would go on: no server changes it in the middle.
                let old = try #require(before)
                try await bed.until { try await bed.count("queue.workers WHERE id <> \(old)") == 1 }
                try await bed.enqueue("do", 5)
                try await bed.until { try await bed.count("queue.attempts WHERE outcome = 'succeeded'") == 5 }
                #expect(try await bed.count("queue.attempts WHERE worker_id = \(old)") == 0)
            }
            await owner.close()
        }
    }

    @Test func `a worker that leaves gives back what it does not know it holds`() async throws {
        try await RuntimeTestbed.with { bed in
            var idle = settings(bed)
            (idle.shortestPoll, idle.longestPoll) = (.seconds(60), .seconds(60))
            try await bed.working([Doing { _ in }], idle) {
                try await bed.until { try await bed.count("queue.workers") == 1 }
                let id = try await bed.pool.query("SELECT id FROM queue.workers").first?.value("id", as: Int64.self)
                let worker = WorkerID(rawValue: try #require(id))
                _ = try await bed.pool.query(
                    Queue.enqueue([JobRequest(kind: "do", payload: JSON(text: "{}"), queue: "other")], now: bed.now))
                let claimed = try await bed.pool.run { session in
                    try Queue.claimJobs(for: worker, from: "other", floors: ClaimFloors(), count: 1, in: session).count
                }
                #expect(claimed == 1)
            }
            #expect(try await bed.count("queue.leases") == 0)
            #expect(try await bed.count("queue.ready WHERE crashes = 0") == 1)
        }
    }
}
