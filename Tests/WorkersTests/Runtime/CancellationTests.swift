import Database
import Foundation
import Jobs
import Testing
import Workers

@Suite struct CancellationTests {
    /// A handler that runs until its task is cancelled.
    private func endless(_ started: Gate, _ stopped: Gate) -> Doing {
        Doing { _ in
            started.open()
            do {
                try await Task.sleep(for: .seconds(600))
            } catch {
                stopped.open()
                throw error
            }
        }
    }

    private func cancel(_ id: JobID, _ bed: RuntimeTestbed, notifies: Bool) async throws {
        let answer = try await bed.pool.run { session in
            try Queue.cancelAll([id], reason: "the customer said no", in: session)
        }
        #expect(answer.stopping == [id])
        if notifies { _ = try await bed.pool.query(Queue.notifyCancelled(answer.workers)) }
    }

    @Test(arguments: [true, false])
    func `a running job that is called off is stopped, with a notification or with the next heartbeat`(
        notifies: Bool
    ) async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (started, stopped) = (Gate(), Gate())
            var settings = bed.settings
            // Without a notification the heartbeat has to do it; with one it comes too late for this test's patience.
            settings.heartbeat = notifies ? .seconds(60) : .milliseconds(50)
            settings.life = .seconds(200)
            try await bed.working([endless(started, stopped)], settings) {
                await started.opened()
                try await cancel(id, bed, notifies: notifies)
                await stopped.opened()
                let ended = try await bed.until(id) { $0.summary.place == .cancelled }
                #expect(ended.attempts.map(\.outcome) == ["cancelled"])
                #expect(ended.summary.note == "the customer said no")
            }
        }
    }

    @Test func `a job that is held ahead and called off is not begun`() async throws {
        try await RuntimeTestbed.with { bed in
            let ids = try await bed.enqueue("do", 2)
            let (started, stopped) = (Gate(), Gate())
            var settings = bed.settings
            settings.queues = [.init(concurrency: 1, prefetchLimit: 10)]
            settings.heartbeat = .milliseconds(30)
            try await bed.working([endless(started, stopped)], settings) {
                await started.opened()
                // Whether it is ready or fetched ahead, it is not begun.
                _ = try await bed.pool.run { session in try Queue.cancelAll([ids[1]], reason: "no", in: session) }
                _ = try await bed.pool.run { session in try Queue.cancelAll([ids[0]], reason: "no", in: session) }
                for id in ids {
                    let ended = try await bed.until(id) { $0.summary.place == .cancelled }
                    #expect(ended.attempts.map(\.outcome) == ["cancelled"])
                }
            }
            #expect(started.count == 1)
        }
    }

    @Test func `a handler that ignores being called off is left to itself, and its job is cancelled`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            let (started, free) = (Gate(), Gate())
            let handler = Doing { _ in
                started.open()
                await free.opened()
            }
            var settings = bed.settings
            settings.heartbeat = .milliseconds(30)
            settings.cancellationGrace = .milliseconds(20)
            try await bed.working([handler], settings) {
                await started.opened()
                try await cancel(id, bed, notifies: false)
                let ended = try await bed.until(id) { $0.summary.place == .cancelled }
                #expect(ended.attempts.map(\.outcome) == ["cancelled"])
                free.open()
            }
        }
    }

    @Test func `a handler that finds its job not wanted any more ends it as cancelled`() async throws {
        try await RuntimeTestbed.with { bed in
            let id = try await bed.enqueue("do")[0]
            try await bed.working([Doing { _ in throw JobFailure.cancel("the order was withdrawn") }]) {
                let ended = try await bed.until(id) { $0.summary.place == .cancelled }
                #expect(ended.summary.note == "the order was withdrawn")
            }
            let dead = try await bed.count("queue.dead")
            #expect(dead == 0)
        }
    }
}
