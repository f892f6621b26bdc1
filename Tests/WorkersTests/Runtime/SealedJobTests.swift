import Database
import Foundation
import Jobs
import Synchronization
import Testing
import Workers

@Suite struct SealedJobTests {
    private struct Secretive: Job {
        static let kind = "secretive"
        static let isSealed = true
        static let heard = Mutex<[String]>([])
        var word: String

        func run(in context: JobContext) async throws { Self.heard.withLock { $0.append(word) } }
    }

    private func key(_ byte: UInt8) throws -> SealingKey { try SealingKey(Array(repeating: byte, count: 32)) }

    @Test func `a sealed payload is read by the handler and by nobody who looks`() async throws {
        try await RuntimeTestbed.with { bed in
            let seal = PayloadSeal(current: try key(1))
            let word = UUID().uuidString
            let sql = try Queue.enqueue([Secretive(word: word)], sealedWith: seal, now: bed.now)
            let id = JobID(rawValue: try #require(try await bed.pool.query(sql).first).value("job_id"))
            let details = try await bed.details(id)
            #expect(details.payload.text == #"{"sealed": "\#(seal.currentKeyID)"}"#)
            let stored = try await bed.pool.query("SELECT payload::text AS text FROM queue.jobs").first
            #expect(try stored?.value("text", as: String.self).contains(word) == false)
            try await bed.working(HandlerSet([Secretive.handler], seal: seal)) {
                _ = try await bed.until(id) { $0.summary.place == .finished }
            }
            #expect(Secretive.heard.withLock { $0.contains(word) })
        }
    }

    @Test func `without the key a job waits, visibly, and with it among the earlier ones it is done`() async throws {
        try await RuntimeTestbed.with { bed in
            let (old, new) = (PayloadSeal(current: try key(1)), PayloadSeal(current: try key(2)))
            let sql = try Queue.enqueue([Secretive(word: "later")], sealedWith: old, now: bed.now)
            let id = JobID(rawValue: try #require(try await bed.pool.query(sql).first).value("job_id"))
            try await bed.working(HandlerSet([Secretive.handler], seal: new)) {
                let waiting = try await bed.until(id) { $0.summary.place == .scheduled }
                #expect(waiting.attempts.map(\.outcome) == ["unknown_key"])
                #expect(waiting.summary.attempts == 0)
                #expect(waiting.summary.lastError?.contains(old.currentKeyID) == true)
            }
            let uses = try await bed.pool.query(Queue.sealingKeys()).map { try SealingKeyUse(row: $0) }
            #expect(uses.map(\.keyID) == [old.currentKeyID])
            #expect(uses.map(\.jobs) == [1])
            _ = try await bed.pool.query(Queue.promote(now: bed.now.addingTimeInterval(61), limit: 10))
            let both = PayloadSeal(current: try key(2), earlier: [try key(1)])
            try await bed.working(HandlerSet([Secretive.handler], seal: both)) {
                _ = try await bed.until(id) { $0.summary.place == .finished }
            }
            #expect(try await bed.pool.query(Queue.sealingKeys()).isEmpty)
        }
    }

    @Test func `a seal that was broken, or made for another kind, makes a dead letter that keeps the body`()
        async throws
    {
        try await RuntimeTestbed.with { bed in
            let seal = PayloadSeal(current: try key(1))
            let other = try seal.seal(JSON(text: #"{"word": "x"}"#), kind: "another")
            let id = try await bed.enqueue("secretive", payload: other.text)[0]
            try await bed.working(HandlerSet([Secretive.handler], seal: seal)) {
                let dead = try await bed.until(id) { $0.summary.place == .dead }
                #expect(dead.attempts.map(\.outcome) == ["undecodable"])
                #expect(dead.summary.lastError?.contains("seal is broken") == true)
            }
            let body = try await bed.pool.query("SELECT body -> 'payload' AS payload FROM queue.dead").first
            #expect(try body?.value("payload", as: JSON.self) == other)
            let uses = try await bed.pool.query(Queue.sealingKeys()).map { try SealingKeyUse(row: $0) }
            #expect(uses.map(\.jobs) == [1], "a dead letter may be tried again, so it still needs its key")
        }
    }

    @Test func `whoever asks for a sealed job without a key is told so, and nothing is stored`() throws {
        let error = #expect(throws: PayloadSealError.self) {
            try Queue.enqueue([Secretive(word: "x")], now: Date(timeIntervalSince1970: 0))
        }
        #expect(error == .noKey(kind: "secretive"))
    }

    @Test func `keys of the wrong length are refused, and two keys have two ids`() throws {
        #expect(throws: PayloadSealError.badKey) { try SealingKey([1, 2, 3]) }
        let ids = try Set((0..<100).map { try key(UInt8($0)).id })
        #expect(ids.count == 100)
    }
}
