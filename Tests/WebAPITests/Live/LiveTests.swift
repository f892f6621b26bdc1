import Database
import Foundation
import ServiceLifecycle
import Testing

@testable import WebAPI

/// Changes as they happen, told to those who may see them.
///
/// One test after the other, for what has to happen within a second or two.
@Suite(.serialized) struct LiveTests {
    private let alice = SignedInHouse.alice
    private let bob = SignedInHouse.bob

    @Test func `a change reaches who may see it within a second, and nobody else`() async throws {
        try await SignedInHouse.with { [alice, bob] live in
            try await live.listen(as: alice) { hers async throws in
                _ = try await hers.next()
                try await live.listen(as: bob) { his async throws in
                    _ = try await his.next()
                    let start = ContinuousClock.now
                    let first = try await live.tell(alice)
                    #expect(try await hers.changes(1) == first)
                    #expect(ContinuousClock.now - start < .seconds(1))
                    // Whatever came before it would come first.
                    let second = try await live.tell(bob)
                    #expect(try await his.changes(1) == second)
                }
            }
        }
    }

    @Test func `after a cut, twenty changes are twenty, in order`() async throws {
        try await SignedInHouse.with { [alice, bob] live in
            let last = try await live.listen(as: alice) { reader async throws in
                _ = try await reader.next()
                try await live.tell(alice)
                _ = try await reader.changes(1)
                return reader.last
            }
            var expected: [UUID] = []
            for _ in 0..<20 {
                expected += try await live.tell(alice)
                try await live.tell(bob)
            }
            try await live.listen(as: alice, after: last) { [expected] reader async throws in
                #expect(try await reader.next() == .init(name: "ready", id: last, record: nil))
                #expect(try await reader.changes(20) == expected)
                let more = try await live.tell(alice)
                #expect(try await reader.changes(1) == more)
            }
        }
    }

    @Test func `a slow transaction's change comes when it is committed, and holds up nobody`() async throws {
        try await SignedInHouse.with { [alice] live in
            try await live.listen(as: alice) { reader async throws in
                _ = try await reader.next()
                let (opened, open) = AsyncStream.makeStream(of: UUID.self)
                let (released, release) = AsyncStream.makeStream(of: Void.self)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Its connection waits in the transaction until the other's change has been told.
                        let gate = DispatchSemaphore(value: 0)
                        Task {
                            for await _ in released { gate.signal() }
                        }
                        try await live.pool.transaction { session in
                            open.yield(try SignedInHouse.tell(alice, in: session)[0])
                            gate.wait()
                        }
                    }
                    var iterator = opened.makeAsyncIterator()
                    let slow = await iterator.next()
                    let quick = try await live.tell(alice)
                    #expect(try await reader.changes(1) == quick)
                    release.yield()
                    #expect(try await reader.changes(1) == [slow])
                    release.finish()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `the stream of a revoked session ends within two seconds`() async throws {
        try await SignedInHouse.with { [alice] live in
            try await live.listen(as: alice) { reader async throws in
                _ = try await reader.next()
                let start = ContinuousClock.now
                _ = try await live.pool.query(
                    "UPDATE sessions SET revoked_at = \(House.now) WHERE id = \(alice.session)")
                #expect(try await reader.next() == nil)
                #expect(ContinuousClock.now - start < .seconds(2))
            }
            await #expect(throws: RawConnection.Failure.self) {
                try await live.listen(as: alice) { _ async throws in }
            }
        }
    }

    @Test func `a reader that takes nothing is cut, and comes back for the rest`() async throws {
        try await SignedInHouse.with { [alice] live in
            let count = 12_000
            let (last, got) = try await live.listen(as: alice) { reader async throws in
                _ = try await reader.next()
                try await live.tell(alice, count)
                while await live.hub.streams > 0 { try await Task.sleep(for: .milliseconds(20)) }
                var got: [UUID] = []
                while let event = try? await reader.next() { got += event.record.map { [$0] } ?? [] }
                return (reader.last, got)
            }
            #expect(got.count < count)
            try await live.listen(as: alice, after: last) { reader async throws in
                let rest = try await reader.changes(count - got.count)
                #expect(got.count + rest.count == count)
                #expect(Set(got + rest).count == count)
            }
        }
    }

    @Test func `who comes back too late is told to load anew`() async throws {
        try await SignedInHouse.with { [alice] live in
            try await live.tell(alice, 3)
            _ = try await live.pool.query("SELECT live_number()")
            _ = try await live.pool.query("SELECT live_prune(interval '0')")
            let ends = try await live.pool.query(LiveChange.ends)
            let last: Int64 = try ends[0].value("last")
            for number in [last - 1, last + 1] {
                try await live.listen(as: alice, after: number) { reader async throws in
                    #expect(try await reader.next() == .init(name: "reset", id: last, record: nil))
                }
            }
        }
    }

    @Test func `the end of the process ends streams at once`() async throws {
        try await SignedInHouse.with { [alice] live in
            try await live.listen(as: alice) { reader async throws in
                _ = try await reader.next()
                await live.group.triggerGracefulShutdown()
                #expect(try await reader.next() == nil)
            }
        }
    }

    @Test func `moves of records are changes`() async throws {
        try await House.with { house async throws in
            _ = try await house.pool.query("SELECT live_number()")
            let rows = try await house.pool.query(
                "SELECT c.record_id, c.what, e.id FROM live_changes c JOIN workflow_events e ON e.id = c.event_id")
            #expect(try rows.contains { try $0.value("record_id") == house.invoice && $0.value("what") == "create" })
        }
    }

    @Test func `of a browser's sessions that one listens which the address names`() async throws {
        try await House.with { house async throws in
            func listen(_ query: String, _ cookies: String) async throws -> String? {
                // What is asked wrongly is told once it is known who asks.
                let headers = ["Cookie": cookies, "Last-Event-ID": "x"]
                return Answer(try await house.send("GET", "/api/v1/live\(query)", headers: headers)).code
            }
            let both = "__Host-drizzl_admin=\(House.session); __Host-drizzl_partner=of-nobody"
            #expect(try await listen("?portal=admin", both) == "invalid_after")
            #expect(try await listen("?portal=partner", both) == "not_signed_in")
            // What is named and not there is nobody, and not somebody else.
            #expect(try await listen("?portal=sales", both) == "not_signed_in")
            #expect(try await listen("", "__Host-drizzl_admin=\(House.session)") == "invalid_after")
        }
    }
}
