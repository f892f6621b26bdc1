import Database
import Foundation
import Jobs
import Synchronization
import Testing
import Workers

@Suite struct SlotTests {
    private func keyed(_ bed: RuntimeTestbed, _ count: Int) async throws -> [JobID] {
        let requests = (0..<count).map { _ in
            JobRequest(
                kind: "do", payload: JSON(text: #"{"n": 1}"#), concurrency: ConcurrencyLimit(key: "carrier", limit: 1))
        }
        let placed = try await bed.pool.query(Queue.enqueue(requests, now: bed.now)).map { try JobPlacement(row: $0) }
        // The first slot as the waker gives it away; all others follow from the ends.
        let queues = try await bed.pool.run { session in try Queue.follow(QueueFollowUp(placed), in: session) }
        bed.waker.wake(queues)
        return placed.map(\.jobID)
    }

    /// What runs at the same time, and the most of it.
    private final class Watch: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock(\.most) }
        func begin() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }
        func end() { state.withLock { $0.now -= 1 } }
    }

    @Test func `jobs of a key run one after the other, each as soon as the one before has ended`() async throws {
        try await RuntimeTestbed.with { bed in
            let watch = Watch()
            let handler = Doing { context in
                watch.begin()
                defer { watch.end() }
                // Some end by themselves, some in their own transaction, some fail once.
                switch context.id.rawValue % 3 {
                case 0: try await context.transaction { session in _ = try session.query("SELECT 1") }
                case 1 where context.lease.number == 1: throw JobFailure.discard("no use")
                default: break
                }
            }
            let ids = try await keyed(bed, 30)
            try await bed.working([handler]) {
                // No sweep runs here: whoever ends a job gives the slot away.
                for id in ids { _ = try await bed.until(id) { [.finished, .dead].contains($0.summary.place) } }
            }
            #expect(watch.most == 1)
            let slots = try await bed.count("queue.concurrency_slots")
            #expect(slots == 0)
        }
    }

    @Test func `a paused kind does not keep the worker from what is behind it`() async throws {
        try await RuntimeTestbed.with { bed in
            let paused = try await bed.enqueue("paused", 40)
            let ids = try await bed.enqueue("do", 3)
            _ = try await bed.pool.query(Queue.pause(.kind("paused"), by: "Ida", reason: "x"))
            try await bed.working([Doing { _ in }]) {
                for id in ids { _ = try await bed.until(id) { $0.summary.place == .finished } }
                for id in paused { _ = try await bed.until(id) { $0.summary.place == .held } }
            }
        }
    }
}
