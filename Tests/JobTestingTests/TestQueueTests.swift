import Database
import Foundation
import JobTesting
import Jobs
import Synchronization
import Testing
import Workers

@Suite struct TestQueueTests {
    private struct Count: Job {
        static let kind = "count"
        var left: Int
        func run(in context: JobContext) async throws {
            guard left > 0 else { return }
            try await context.transaction { session in
                try context.enqueue(Count(left: left - 1), runAt: context.now().addingTimeInterval(60), in: session)
            }
        }
    }

    private struct Again: Job {
        static let kind = "again"
        func run(in context: JobContext) async throws {
            try await context.transaction { session in try context.enqueue(Again(), in: session) }
        }
    }

    /// Not safe to repeat: it writes before its transaction.
    private struct Careless: Job {
        static let kind = "careless"
        static let pool = Mutex<Pool?>(nil)
        func run(in context: JobContext) async throws {
            _ = try await Self.pool.withLock { $0 }?.query("INSERT INTO greetings (customer) VALUES (NULL)")
            try await context.transaction { _ in }
        }
    }

    @Test func `what is missing is told beside what is there instead`() async throws {
        try await Bed.with { bed in
            let (queue, customer) = (try TestQueue(bed.pool), UUID())
            let nothing = await #expect(throws: NotEnqueued.self) {
                try await queue.assertEnqueued(SendWelcome.self)
            }
            #expect(nothing?.description == "No job send_welcome is enqueued; nothing is.")
            try await queue.enqueue(SendWelcome(customer: customer))
            try await queue.enqueue(
                ImportCatalogue(supplier: "north"), runAt: queue.clock.now.addingTimeInterval(3_600))
            let other = await #expect(throws: NotEnqueued.self) {
                try await queue.assertEnqueued(SendWelcome.self) { $0.customer != customer }
            }
            let text = other?.description ?? ""
            #expect(text.contains("send_welcome  {\"customer\": \"\(customer)\"}  ready  (another payload)"))
            #expect(text.contains("import_catalogue  {\"supplier\": \"north\"}  key north  at 2030-03-17T18:46:40Z"))
            try await queue.assertEnqueued(ImportCatalogue.self, key: "north")
            await #expect(throws: NotEnqueued.self) {
                try await queue.assertEnqueued(ImportCatalogue.self, key: "south")
            }
            await #expect(throws: NotEnqueued.self) {
                try await queue.assertEnqueued(ImportCatalogue.self, runAt: queue.clock.now)
            }
            try await queue.assertNotEnqueued(SendReceipt.self)
            await #expect(throws: UnexpectedlyEnqueued.self) { try await queue.assertNotEnqueued(SendWelcome.self) }
        }
    }

    @Test func `follow-ups run when the clock comes to them, and the clock stands at the end`() async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool, handlers: [Count.handler])
            let start = queue.clock.now
            try await queue.enqueue(Count(left: 5))
            #expect(try await queue.drainJobs().runs.count == 1)
            let drained = try await queue.drainJobs(through: .seconds(130))
            #expect(drained.runs.map { $0.moment.timeIntervalSince(start) } == [60, 120])
            #expect(queue.clock.now == start.addingTimeInterval(130))
            #expect(try await queue.drainJobs(through: .seconds(3_600)).runs.count == 3)
            #expect(try await queue.pending().isEmpty)
        }
    }

    @Test func `jobs without end are stopped and named`() async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool, handlers: [Again.handler])
            try await queue.enqueue(Again())
            let error = await #expect(throws: DrainWithoutEnd.self) { try await queue.drainJobs(limit: 20) }
            #expect(error?.description.contains("again: 20") == true)
        }
    }

    @Test func `a kind without a handler waits`() async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool)
            try await queue.enqueue(Again())
            #expect(try await queue.drainJobs().outcomes(of: Again.self) == ["unknown_kind"])
            try await queue.assertEnqueued(Again.self, runAt: queue.clock.now.addingTimeInterval(60))
        }
    }

    @Test func `the same seed gives the same deaths, at every point`() async throws {
        let points = Mutex<Set<String>>([])
        for seed in 0..<6 as Range<UInt64> {
            var stories: [[String]] = []
            for _ in 0..<2 {
                try await Bed.with { bed in
                    let queue = try TestQueue(bed.pool, handlers: [SendWelcome.handler, SendReceiptHandler(mail: Outbox())])
                    try await queue.enqueue(
                        SendWelcome(customer: UUID()), SendReceipt(order: 1), SendWelcome(customer: UUID()))
                    let drained = try await queue.drainJobs(crashing: CrashPlan(seed: seed))
                    stories.append(drained.runs.map { "\($0.kind) \($0.outcome)" })
                    points.withLock { $0.formUnion(drained.runs.map(\.outcome)) }
                    #expect(try await bed.count("greetings") == 2, "\(drained)")
                    #expect(try await queue.pending().isEmpty, "\(drained)")
                }
            }
            #expect(stories[0] == stories[1])
        }
        #expect(points.withLock { $0 } == ["succeeded", "lost"])
    }

    @Test func `a handler that is not safe to repeat is found out`() async throws {
        var greetings: Set<Int> = []
        for seed in 0..<8 as Range<UInt64> {
            try await Bed.with { bed in
                Careless.pool.withLock { $0 = bed.pool }
                let queue = try TestQueue(bed.pool, handlers: [Careless.handler])
                try await queue.enqueue(Careless())
                try await queue.drainJobs(crashing: CrashPlan(seed: seed))
                greetings.insert(try await bed.count("greetings"))
            }
        }
        #expect(greetings.contains(1))
        #expect(greetings.contains { $0 > 1 })
    }
}
