import Database
import Foundation
import Jobs
import Logging
import Synchronization
import Testing

@testable import Workers

@Suite struct ReportTests {
    private func reported(_ bed: RuntimeTestbed, _ id: JobID) async throws -> ToldOfJob {
        try await bed.pool.run { session in try ToldOfJob(of: id, in: session) }
    }

    @Test func `what a job tells is seen while it runs, and the last of it is there when it has ended`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (begun, mayEnd) = (Gate(), Gate())
            let handler = Doing { context in
                context.progress(0.25, "1 of 4")
                context.log("the first line")
                begun.open()
                await mayEnd.opened()
                for number in 2...4 { context.progress(Double(number) / 4, "\(number) of 4") }
                context.log("the last line", level: .warning)
                try context.output(["sum": 10])
            }
            try await bed.working([handler]) {
                await begun.opened()
                try await bed.until { try await reported(bed, id).progress?.message == "1 of 4" }
                mayEnd.open()
                _ = try await bed.until(id) { $0.summary.place == .finished }
                let told = try await reported(bed, id)
                #expect(told.progress == JobReport.Progress(fraction: 1, message: "4 of 4"))
                #expect(told.lines.map(\.line.text) == ["the first line", "the last line"])
                #expect(told.lines.map(\.line.level) == ["info", "warning"])
                #expect(told.lines.map(\.line.number) == [1, 2])
                #expect(told.output == JSON(text: #"{"sum": 10}"#))
            }
        }
    }

    @Test func `what was told before a failure is kept, too`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let handler = Doing { context in
                context.progress(0.5)
                context.log("as far as here")
                throw JobFailure.retry("no further")
            }
            try await bed.working([handler]) {
                _ = try await bed.until(id) { $0.summary.place == .scheduled }
                let told = try await reported(bed, id)
                #expect((told.progress?.fraction, told.lines.map(\.line.text)) == (0.5, ["as far as here"]))
            }
        }
    }

    @Test func `an output is committed with the transaction that ends the job, or not at all`() async throws {
        try await RuntimeTestbed.with { bed in
            let ids = try await bed.enqueue("do", 2)
            let handler = Doing { context in
                try context.output(["id": "\(context.id)"])
                try await context.transaction { session in
                    context.log("in the transaction")
                    if context.id == ids[1] { throw JobFailure.discard("refused") }
                }
            }
            try await bed.working([handler]) {
                _ = try await bed.until(ids[0]) { $0.summary.place == .finished }
                let done = try await reported(bed, ids[0])
                #expect(done.output == JSON(text: #"{"id": "\#(ids[0])"}"#))
                #expect(done.lines.map(\.line.text) == ["in the transaction"])
                // What it told is kept all the same: it says why the job did not get further.
                _ = try await bed.until(ids[1]) { $0.summary.place == .dead }
                let refused = try await reported(bed, ids[1])
                #expect(refused.lines.map(\.line.text) == ["in the transaction"])
            }
        }
    }

    @Test func `however often a job tells how far it is, it is written once in a pause`() async throws {
        let writes = Mutex<[SQL]>([])
        let written = Gate()
        let lease = JobLease(jobID: JobID(rawValue: 1), number: 1, workerID: .random())
        let reporter = JobReporter(lease: lease, pause: .seconds(600), logger: .init(label: "test")) { sql in
            writes.withLock { $0.append(sql) }
            written.open()
        }
        reporter.tell(progress: .init(fraction: 0, message: nil))
        await written.opened()
        for number in 1...10_000 {
            reporter.tell(progress: .init(fraction: Double(number) / 10_000, message: "\(number)"))
        }
        // The end does not wait for the pause.
        await reporter.finish { true }
        let count = writes.withLock { $0.count }
        #expect(count == 2)
        reporter.tell(progress: .init(fraction: 1, message: "too late"))
        await reporter.finish { true }
        #expect(writes.withLock { $0.count } == 3)
    }

    @Test func `a report that fails is written later, in its order, and not given up while the job is ours`()
        async throws
    {
        struct Down: Error {}
        let failures = Mutex(3)
        let lines = Mutex<[String]>([])
        let lease = JobLease(jobID: JobID(rawValue: 1), number: 1, workerID: .random())
        let reporter = JobReporter(lease: lease, pause: .milliseconds(1), logger: .init(label: "test")) { _ in
            let fails = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw Down() }
            lines.withLock { $0.append("written") }
        }
        reporter.tell(line: "a", level: .info, at: Date(timeIntervalSince1970: 0))
        await reporter.finish { true }
        #expect(lines.withLock { $0 } == ["written"])
        #expect(failures.withLock { $0 } < 0)
    }

    @Test func `of very many lines the first thousand are kept, and the last says so`() async throws {
        let lease = JobLease(jobID: JobID(rawValue: 1), number: 1, workerID: .random())
        let reporter = JobReporter(lease: lease, pause: .seconds(600), logger: .init(label: "test")) { _ in }
        await reporter.hold()
        for number in 1...5_000 { reporter.tell(line: "\(number)", level: .info, at: Date(timeIntervalSince1970: 0)) }
        let report = reporter.take()
        #expect(report.lines.count == JobReporter.lineLimit)
        #expect(report.lines.last?.text.hasPrefix("there is more") == true)
    }

    @Test func `what is too large to be kept is refused, with the size`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            try await bed.working([Doing { context in try context.output(String(repeating: "x", count: 70_000)) }]) {
                let failed = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(failed.summary.lastError?.contains("70002 bytes") == true)
            }
        }
    }

    @Test func `whoever lost a job reports nothing any more`() async throws {
        try await RuntimeTestbed.with { bed in
            try await bed.enqueue("do")
            let claimed = try await bed.pool.run { session in
                try session.query(Queue.claim(for: .random(), from: "default", floors: ClaimFloors(), count: 1))
                    .map { try ClaimedJob(row: $0) }
            }
            let lease = try #require(claimed.first).lease
            var report = JobReport()
            report.progress = .init(fraction: 0.5, message: "mine")
            report.output = JSON(text: "1")
            let zombie = JobLease(jobID: lease.jobID, number: lease.number, workerID: .random())
            #expect(try await bed.pool.query(Queue.report(report, of: zombie)).isEmpty)
            #expect(try await reported(bed, lease.jobID).progress == nil)
            #expect(try await bed.pool.query(Queue.report(report, of: lease)).count == 1)
            _ = try await bed.pool.query(Queue.complete([lease], notes: [nil]))
            report.progress = .init(fraction: 0.9, message: "late")
            #expect(try await bed.pool.query(Queue.report(report, of: lease)).isEmpty)
            let told = try await reported(bed, lease.jobID)
            #expect((told.progress?.message, told.output) == ("mine", JSON(text: "1")))
        }
    }
}
