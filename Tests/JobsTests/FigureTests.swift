import Database
import Foundation
import Jobs
import Testing

/// How much a queue takes in and gives out (O-21).
@Suite struct FigureTests {
    private func read(
        _ bed: Testbed, _ cut: QueueThroughput.Cut = .queues, by span: QueueThroughput.Span = .minute
    ) async throws -> [QueueThroughput] {
        try await bed.pool.run { try QueueThroughput.read(cut, by: span, last: 60, in: $0) }
    }

    /// Lets what has happened be moved in time.
    private func loosen(_ bed: Testbed) async throws {
        for table in ["jobs", "attempts"] {
            try await bed.asOwner("ALTER TABLE queue.\(unsafeUnescaped: table) DISABLE TRIGGER ALL")
        }
    }

    private func sums(_ figures: QueueThroughput?) -> [Int] {
        let slices = figures?.slices ?? []
        return [
            slices.reduce(0) { $0 + $1.enqueued }, slices.reduce(0) { $0 + $1.succeeded },
            slices.reduce(0) { $0 + $1.failed },
        ]
    }

    @Test func `the sum of the slices is what was asked for and what ended, before it is added up and after`()
        async throws
    {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(5)
            let jobs = try await bed.claim(4, by: try await bed.worker())
            _ = try await bed.ids(Queue.complete(jobs.prefix(3).map(\.lease), notes: [nil, nil, nil]))
            _ = try await bed.ids(Queue.postpone(jobs[3].lease, to: bed.now, because: .failed, reason: "x"))
            #expect(sums(try await read(bed).first) == [5, 3, 1])
            #expect(try await read(bed).first?.errorRate == 0.25)
            try await loosen(bed)
            // Once nobody can be writing there any more, it is added up, and counted once.
            try await bed.asOwner(
                """
                UPDATE queue.jobs SET id = id - (60000::bigint << 20), created_at = created_at - interval '1 min'
                WHERE id > queue.first_job_id(clock_timestamp() - interval '50 seconds')
                """
            )
            try await bed.asOwner(
                """
                UPDATE queue.attempts
                SET job_id = job_id - (60000::bigint << 20), finished_at = finished_at - interval '1 min',
                    claimed_at = claimed_at - interval '1 min'
                WHERE finished_at > clock_timestamp() - interval '50 seconds'
                """
            )
            try await bed.asOwner(
                "UPDATE queue.figures SET until = least(until, clock_timestamp() - interval '90 seconds')")
            for _ in 0..<2 {
                while try await bed.pool.run({ try Queue.addUpFigures(in: $0) }) {}
                #expect(sums(try await read(bed).first) == [5, 3, 1])
            }
            #expect(try await bed.count("queue.throughput") >= 2)
            #expect(sums(try await read(bed, .kinds(ofQueue: "default")).first { $0.name == "noop" }) == [5, 3, 1])
            #expect(sums(try await read(bed, by: .hour).first) == [5, 3, 1])
            #expect(try await read(bed, .kinds(ofQueue: "other")).isEmpty)
        }
    }

    @Test func `the median and the slowest runs are told to a tenth`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(20)
            let jobs = try await bed.claim(20, by: try await bed.worker())
            _ = try await bed.ids(Queue.complete(jobs.map(\.lease), notes: jobs.map { _ in nil }))
            try await loosen(bed)
            try await bed.asOwner(
                """
                WITH ranked AS (SELECT job_id, row_number() OVER (ORDER BY job_id) AS place FROM queue.attempts)
                UPDATE queue.attempts a
                SET claimed_at = a.finished_at - interval '1 ms' * (CASE WHEN r.place <= 15 THEN 40 ELSE 900 END)
                FROM ranked r WHERE r.job_id = a.job_id
                """)
            let figures = try #require(try await read(bed).first)
            let (median, slowest) = (try #require(figures.runTime(0.5)), try #require(figures.runTime(0.95)))
            #expect(abs(median / .milliseconds(40) - 1) < 0.1)
            #expect(abs(slowest / .milliseconds(900) - 1) < 0.1)
        }
    }
}
