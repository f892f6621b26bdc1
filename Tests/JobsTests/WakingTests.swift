import Database
import Jobs
import Synchronization
import Testing

@Suite struct WakingTests {
    @Test func `fetchers of this process are woken at once, for their queue only`() async throws {
        let waker = QueueWaker { _ in }
        var (mine, other) = (
            waker.wakeUps(of: "mail").makeAsyncIterator(), waker.wakeUps(of: "bulk").makeAsyncIterator()
        )
        waker.wake(["mail", "mail"])
        waker.wake(["mail"])
        await mine.next()
        waker.wakeHere(nil)
        await mine.next()
        await other.next()
    }

    @Test func `many wake-ups in a row become few notifications, and none is forgotten`() async throws {
        let sent = Mutex<[[String]]>([])
        let waker = QueueWaker { queues in sent.withLock { $0.append(queues) } }
        for number in 0..<1_000 { waker.wake(number.isMultiple(of: 2) ? ["a"] : ["b"]) }
        await waker.settle()
        let all = sent.withLock { $0 }
        #expect(all.count <= 3)
        #expect(Set(all.joined()) == ["a", "b"])
        waker.wake(["c"])
        await waker.settle()
        #expect(sent.withLock { $0.last } == ["c"])
    }

    @Test func `another process hears of it through the database`() async throws {
        try await Testbed.with { bed in
            let heard = notifications(DatabaseConfiguration(url: bed.url), channels: [Queue.channel])
            var events = heard.makeAsyncIterator()
            #expect(await events.next() == .reconnected)
            QueueWaker(pool: bed.pool).wake(["default"])
            #expect(await events.next() == .notified(channel: Queue.channel, payload: "default"))
        }
    }

    @Test func `nothing is told when there is nothing to tell`() async throws {
        let sent = Mutex(0)
        let waker = QueueWaker { _ in sent.withLock { $0 += 1 } }
        waker.wake([String]())
        await waker.settle()
        #expect(sent.withLock { $0 } == 0)
    }
}
