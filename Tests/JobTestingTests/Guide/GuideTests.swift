// The examples of docs/jobs.md; GuidePageTests compares them with the page.
import Database
import Foundation
import JobTesting
import Jobs
import Synchronization
import Testing
import Workers

@Suite struct GuideTests {
    @Test func `a job is asked for in the transaction that needs it`() async throws {
        try await Bed.with { bed in
            let pool = bed.pool
            let (customer, now, waker) = (UUID(), Date(timeIntervalSince1970: 1_900_000_000), QueueWaker { _ in })
            // example: enqueue
            let placed = try await pool.transaction { session in
                try session.execute("INSERT INTO guests (id) VALUES (\(customer))")
                return try session.enqueue(SendWelcome(customer: customer), now: now)
            }
            waker.wake(placed)
            // end
            try await TestQueue(pool).assertEnqueued(SendWelcome.self) { $0.customer == customer }
        }
    }

    @Test func `the jobs of the page are done`() async throws {
        try await Bed.with { bed in
            let (pool, mail, box) = (bed.pool, Outbox(), try Keys.ring())
            // example: testing
            let queue = try TestQueue(
                pool, handlers: [SendWelcome.handler, SendReceiptHandler(mail: mail)], seal: box)
            let customer = UUID()
            try await queue.enqueue(SendWelcome(customer: customer), SendReceipt(order: 17))
            try await queue.assertEnqueued(SendWelcome.self) { $0.customer == customer }

            let drained = try await queue.drainJobs()
            #expect(drained.outcomes(of: SendWelcome.self) == ["succeeded"])
            #expect(try await bed.count("greetings") == 1)
            // end
            #expect(drained.outcomes(of: SendReceipt.self) == ["succeeded"])
            #expect(mail.orders == [17])
        }
    }

    @Test func `what waits for others is done after them, and a batch says when all is done`() async throws {
        try await Bed.with { bed in
            let pool = bed.pool
            let queue = try TestQueue(
                pool, handlers: [ImportCatalogue.handler, BookPickup.handler, SendReceiptHandler(mail: Outbox())])
            let now = queue.clock.now
            // example: batch
            try await pool.transaction { session in
                let done = try SendReceipt(order: 4711).request()
                let row = try session.query(Queue.openBatch(callback: done))[0]
                let batch = BatchID(rawValue: try row.value("id"))
                try session.enqueue(
                    [
                        ImportCatalogue(supplier: "north").request(batch: batch),
                        BookPickup(carrier: "ups", warehouse: "east")
                            .request(after: [.position(0)], batch: batch),
                    ], now: now)
                try session.execute(Queue.seal(batch))
            }
            // end
            let drained = try await queue.drainJobs()
            #expect(drained.runs.map(\.kind) == ["import_catalogue", "book_pickup", "send_receipt"])
            #expect(drained.runs.allSatisfy { $0.outcome == "succeeded" })
        }
    }

    @Test func `what follows weeks later is done when the clock is moved`() async throws {
        try await Bed.with { bed in
            let (pool, box) = (bed.pool, try Keys.ring())
            // example: clock
            let queue = try TestQueue(
                pool, handlers: [CloseAccount.handler, EraseAccount.handler], seal: box)
            try await queue.enqueue(CloseAccount(customer: UUID()))
            try await queue.drainJobs()
            try await queue.assertEnqueued(
                EraseAccount.self, runAt: queue.clock.now.addingTimeInterval(30 * 86_400))

            let month = try await queue.drainJobs(through: .seconds(31 * 86_400))
            #expect(month.outcomes(of: EraseAccount.self) == ["succeeded"])
            // end
        }
    }

    @Test func `a job that is asked for every morning runs in the morning, whatever the clocks do`() async throws {
        try await Bed.with { bed in
            let pool = bed.pool
            let queue = try TestQueue(pool, handlers: [BookPickup.handler])
            let newYork = try #require(TimeZone(identifier: "America/New_York"))
            // 2027-03-12 12:00 UTC, a Friday; on Sunday the clocks go on by an hour.
            queue.clock.set(to: Date(timeIntervalSince1970: 1_804_852_800))
            // example: schedule
            let morning = try Schedule(
                "book the pickup", cron: "30 6 * * mon-fri", in: newYork, catchUp: .last,
                enqueues: BookPickup(carrier: "ups", warehouse: "east").request())
            // end
            _ = try await pool.query(Queue.declare([morning], now: queue.clock.now))
            for moment in [1_805_106_599.0, 1_805_106_600] {
                queue.clock.set(to: Date(timeIntervalSince1970: moment))
                let now = queue.clock.now
                for due in try await pool.query(Queue.dueSchedules(at: now)).map(StoredSchedule.init) {
                    _ = try await pool.transaction { session in try Queue.fire(due, now: now, in: session) }
                }
                // Monday, 6:30 in New York, is an hour earlier in UTC than Friday's was.
                let drained = try await queue.drainJobs()
                #expect(drained.outcomes(of: BookPickup.self) == (moment == 1_805_106_600 ? ["succeeded"] : []))
            }
        }
    }

    // example: crashes
    @Test(arguments: 0..<12 as Range<UInt64>)
    func `a welcome is sent once, wherever the process dies`(seed: UInt64) async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool, handlers: [SendWelcome.handler])
            try await queue.enqueue(SendWelcome(customer: UUID()))
            let drained = try await queue.drainJobs(crashing: CrashPlan(seed: seed))
            #expect(try await bed.count("greetings") == 1, "\(drained)")
        }
    }
    // end

    @Test func `a job reports, and is one of its supplier`() async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool, handlers: [ImportCatalogue.handler])
            let placed = try await queue.enqueue(
                ImportCatalogue(supplier: "north"), ImportCatalogue(supplier: "north"))
            #expect(placed.map(\.isCreated) == [true, false])
            try await queue.drainJobs()
            let told = try await bed.pool.run { session in try ToldOfJob(of: placed[0].jobID, in: session) }
            #expect(told.progress?.message == "2 of 3")
            #expect(told.lines.map(\.line.text) == ["line 2 is empty"])
            #expect(told.output?.text == #"{"lines": 3}"#)
        }
    }

    @Test(arguments: [
        (200, "succeeded"), (425, "snoozed"), (429, "failed"), (404, "discarded"), (410, "cancelled"), (500, "failed"),
    ])
    func `an error says what is to follow`(answer: Int, outcome: String) async throws {
        try await Bed.with { bed in
            let queue = try TestQueue(bed.pool, handlers: [CapturePayment.handler])
            try await queue.enqueue(CapturePayment(answer: answer))
            #expect(try await queue.drainJobs().outcomes(of: CapturePayment.self) == [outcome])
        }
    }
}

/// Remembers what was sent.
final class Outbox: ReceiptMail {
    private let sent = Mutex<[Int]>([])
    var orders: [Int] { sent.withLock { $0 } }

    func send(receiptOf order: Int, idempotencyKey: String) async throws { sent.withLock { $0.append(order) } }
}

enum Keys {
    static func ring() throws -> PayloadSeal { PayloadSeal(current: try key(7)) }
    static func key(_ byte: UInt8) throws -> SealingKey { try SealingKey(Array(repeating: byte, count: 32)) }
}
