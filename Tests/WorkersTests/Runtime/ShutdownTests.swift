import Database
import Foundation
import Jobs
import Testing
import Workers

@Suite struct ShutdownTests {
    /// One place, and as much fetched ahead as is allowed once the first job has ended, however slow it was.
    private func greedy(_ bed: RuntimeTestbed) -> WorkerSettings {
        var settings = bed.settings
        settings.queues = [.init(concurrency: 1, prefetchLimit: 50)]
        settings.queues[0].prefetchTime = .seconds(100_000)
        return settings
    }

    @Test func `a graceful shutdown gives back what was fetched ahead and finishes what runs`() async throws {
        try await RuntimeTestbed.with { bed in
            let ids = try await bed.enqueue("do", 60)
            let (started, mayEnd) = (Gate(), Gate())
            let handler = Doing { _ in
                started.open()
                if started.count == 20 { await mayEnd.opened() }
            }
            var opener: Task<Void, any Error>?
            try await bed.working([handler], greedy(bed)) {
                await started.opened(times: 20)
                while try await bed.count("queue.leases") < 10 {}
                opener = Task {
                    // The rest is given back while the twentieth still runs.
                    while try await bed.count("queue.leases") > 1 {}
                    mayEnd.open()
                }
            }
            try await opener?.value
            #expect(started.count == 20)
            let succeeded = try await bed.count("queue.attempts WHERE outcome = 'succeeded'")
            let ready = try await bed.count("queue.ready")
            let others = try await bed.count("queue.attempts WHERE outcome <> 'succeeded'")
            #expect((succeeded, ready, others) == (20, 40, 0))
            let leases = try await bed.pool.query(
                "SELECT max(lease) AS lease, max(attempt) AS attempt FROM queue.ready"
            ).first
            #expect(try #require(leases).value("lease", as: Int32.self) == 1)
            #expect(try #require(leases).value("attempt", as: Int16.self) == 0)
            let next = try await bed.pool.run { session in
                try Queue.claimJobs(for: .random(), from: "default", floors: ClaimFloors(), count: 1, in: session)
            }
            #expect(next.map(\.id) == [ids[20]])
        }
    }

    @Test func `what does not end within the limit is cancelled and given back`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let started = Gate()
            let handler = Doing { _ in
                started.open()
                try await Task.sleep(for: .seconds(600))
            }
            var settings = bed.settings
            settings.shutdownLimit = .milliseconds(20)
            try await bed.working([handler], settings) { await started.opened() }
            let details = try await bed.details(id)
            #expect((details.summary.place, details.summary.attempts) == (.ready, 0))
            #expect(details.attempts.map(\.outcome) == ["released"])
            let workers = try await bed.count("queue.workers")
            #expect(workers == 0)
        }
    }

    @Test func `a cancelled worker gives back at once what it has`() async throws {
        try await RuntimeTestbed.with { bed in
            let ids = try await bed.enqueue("do", 3)
            let started = Gate()
            let handler = Doing { _ in
                started.open()
                try await Task.sleep(for: .seconds(600))
            }
            let run = Task { try await bed.runtime([handler]).run() }
            await started.opened(times: 2)
            run.cancel()
            try await run.value
            for id in ids {
                let details = try await bed.details(id)
                #expect(details.summary.place == .ready)
            }
        }
    }
}
