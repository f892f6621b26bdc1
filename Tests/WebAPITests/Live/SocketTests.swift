import Database
import Foundation
import ServiceLifecycle
import StateMachines
import TestSupport
import Testing

@testable import WebAPI

extension LiveTests {
    /// The same changes by WebSocket, with a client that others have written.
    @Suite struct SocketTests {
        private let alice = SignedInHouse.alice

        @Test func `both kinds of stream tell the same under the same numbers`() async throws {
            try await SignedInHouse.with { [alice] live in
                try await live.listen(as: alice) { events async throws in
                    _ = try await events.next()
                    try await live.connect(as: alice) { peer async throws in
                        #expect(try await peer.event().name == "ready")
                        let told = try await live.tell(alice, 3)
                        for record in told {
                            let event = try await events.next()
                            let message = try await peer.event()
                            #expect(event == message)
                            #expect(message.record == record)
                        }
                    }
                }
            }
        }

        @Test func `after a cut, twenty changes are twenty, in order`() async throws {
            try await SignedInHouse.with { [alice] live in
                let last = try await live.connect(as: alice) { peer async throws in
                    _ = try await peer.event()
                    try await live.tell(alice)
                    let last = try await peer.event().id
                    try peer.cut()
                    #expect(try await peer.next() == .closed(1006))
                    return last
                }
                var expected: [UUID] = []
                for _ in 0..<20 { expected += try await live.tell(alice) }
                try await live.connect(as: alice, after: last) { [expected] peer async throws in
                    #expect(try await peer.event() == .init(name: "ready", id: last, record: nil))
                    #expect(try await peer.changes(20) == expected)
                    let more = try await live.tell(alice)
                    #expect(try await peer.changes(1) == more)
                }
            }
        }

        @Test func `a page of another origin opens none, nor does who is not signed in`() async throws {
            try await House.with { house async throws in
                func first(origin: String?, cookie: String) async throws -> WebSocketPeer.Heard {
                    let peer = try WebSocketPeer(
                        "ws://127.0.0.1:\(house.port)/api/v1/live", origin: origin, headers: ["Cookie": cookie])
                    defer { peer.end() }
                    return try await peer.next()
                }
                let session = "__Host-drizzl_admin=\(House.session)"
                #expect(try await first(origin: "https://evil.example", cookie: session) == .refused(403))
                #expect(try await first(origin: "null", cookie: session) == .refused(403))
                #expect(try await first(origin: "http://127.0.0.1:1", cookie: session) == .refused(403))
                #expect(try await first(origin: "http://127.0.0.1:\(house.port)", cookie: "") == .refused(401))
                guard case .message = try await first(origin: "http://127.0.0.1:\(house.port)", cookie: session) else {
                    Issue.record("a page of our own is not heard")
                    return
                }
            }
        }

        @Test(
            arguments: [
                Breach("no mask", [0x81, 0x02, 0x68, 0x69], 1002),
                Breach("reserved bits", [0xC1, 0x80, 0, 0, 0, 0], 1002),
                Breach("an unknown kind", [0x83, 0x80, 0, 0, 0, 0], 1002),
                Breach("a part of nothing", [0x80, 0x80, 0, 0, 0, 0], 1002),
                Breach("a ping in parts", [0x09, 0x80, 0, 0, 0, 0], 1002),
                Breach("half a code", [0x88, 0x81, 0, 0, 0, 0, 3], 1002),
                Breach("no UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007),
                Breach(
                    "a frame too large", [0x82, 0xFE, 0x20, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 8_192), 1009),
                Breach(
                    "a message too large",
                    [0x02, 0xFE, 0x10, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 4_096)
                        + [[UInt8]](
                            repeating: [0x00, 0xFE, 0x10, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 4_096), count: 4
                        ).flatMap(\.self), 1009
                ),
            ])
        func `what breaks the protocol ends the connection with the right code`(_ breach: Breach) async throws {
            try await SignedInHouse.with { [alice] live in
                try await live.connect(as: alice) { peer async throws in
                    _ = try await peer.event()
                    try peer.send(bytes: breach.bytes)
                    #expect(try await peer.next() == .closed(breach.code))
                }
            }
        }

        /// Bytes that no client should send, and with which code they are answered.
        struct Breach: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let bytes: [UInt8]
            let code: Int

            init(_ what: String, _ bytes: [UInt8], _ code: Int) {
                (testDescription, self.bytes, self.code) = (what, bytes, code)
            }
        }

        @Test func `a client is heard out: its text is dropped, its ping answered, its farewell returned`() async throws
        {
            try await SignedInHouse.with { [alice] live in
                try await live.connect(as: alice) { peer async throws in
                    _ = try await peer.event()
                    try peer.send("Grüße")
                    try peer.ping()
                    #expect(try await peer.next() == .pong)
                    let told = try await live.tell(alice)
                    #expect(try await peer.changes(1) == told)
                    try peer.close(4_000)
                    #expect(try await peer.next() == .closed(4_000))
                }
                while await live.hub.streams > 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
        }

        @Test func `the socket of a revoked session closes within two seconds, and says why`() async throws {
            try await SignedInHouse.with { [alice] live in
                try await live.connect(as: alice) { peer async throws in
                    _ = try await peer.event()
                    let start = ContinuousClock.now
                    _ = try await live.pool.query(
                        "UPDATE sessions SET revoked_at = \(House.now) WHERE id = \(alice.session)")
                    #expect(try await peer.next() == .closed(1008))
                    #expect(ContinuousClock.now - start < .seconds(2))
                }
            }
        }

        @Test func `the end of the process says farewell`() async throws {
            try await SignedInHouse.with { [alice] live in
                try await live.connect(as: alice) { peer async throws in
                    _ = try await peer.event()
                    await live.group.triggerGracefulShutdown()
                    #expect(try await peer.next() == .closed(1001))
                }
            }
        }

        @Test func `a client that takes nothing is cut, and comes back for the rest`() async throws {
            try await SignedInHouse.with { [alice] live in
                let count = 12_000
                let (last, got) = try await live.connect(as: alice) { peer async throws in
                    var last = try await peer.event().id
                    try peer.setDeaf(true)
                    // What is asked of it is done in order, so it is deaf when this has been sent.
                    try peer.send("deaf")
                    try await live.tell(alice, count)
                    while await live.hub.streams > 0 { try await Task.sleep(for: .milliseconds(20)) }
                    try peer.setDeaf(false)
                    var got: [UUID] = []
                    while case .message(let text) = try await peer.next(), let event = LiveReader.Event(message: text) {
                        last = event.id
                        got += event.record.map { [$0] } ?? []
                    }
                    return (last, got)
                }
                #expect(got.count < count)
                try await live.connect(as: alice, after: last) { peer async throws in
                    let rest = try await peer.changes(count - got.count)
                    #expect(Set(got + rest).count == count)
                }
            }
        }

        @Test func `a refused request to change is answered as any other, and its connection ends`() async throws {
            try await SignedInHouse.with { [alice] live in
                func answer(_ headers: String) async throws -> Answer {
                    try await RawConnection.with(port: live.port) { connection async throws in
                        // On a connection that has served before.
                        try await connection.send(Array("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                        _ = try await connection.answer()
                        let head = "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                        try await connection.send(Array((head + headers + "\r\n").utf8))
                        let answer = Answer(try await connection.answer())
                        await #expect(throws: RawConnection.Failure.self) { try await connection.answer() }
                        return answer
                    }
                }
                let socket = "Upgrade: websocket\r\nX-Token: \(alice.token)\r\n"
                let old = try await answer(socket + "Sec-WebSocket-Version: 8\r\n")
                #expect(old.status == 426)
                #expect(old.raw.headers["sec-websocket-version"] == "13")
                #expect(try await answer(socket + "Sec-WebSocket-Version: 13\r\n").code == "websocket_key")
                #expect(try await answer("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n").status == 401)
                #expect(
                    try await answer(socket.replacing("/live", with: "/nowhere")).raw.headers["connection"] == "close")
            }
        }
    }
}

extension SignedInHouse {
    /// Listens by WebSocket as somebody for the length of `body`.
    func connect<Value: Sendable>(
        as person: Person, after: Int64? = nil, _ body: @Sendable (WebSocketPeer) async throws -> Value
    ) async throws -> Value {
        let query = after.map { "?after=\($0)" } ?? ""
        let peer = try WebSocketPeer(
            "ws://127.0.0.1:\(port)/api/v1/live\(query)", headers: ["X-Token": person.token])
        defer { peer.end() }
        return try await body(peer)
    }
}

extension WebSocketPeer {
    /// It heard something that is no event.
    struct NoEvent: Error { var heard: Heard }

    /// The next event.
    func event() async throws -> LiveReader.Event {
        let heard = try await next()
        guard case .message(let text) = heard, let event = LiveReader.Event(message: text) else {
            throw NoEvent(heard: heard)
        }
        return event
    }

    /// The records of the next changes.
    func changes(_ count: Int) async throws -> [UUID] {
        var records: [UUID] = []
        while records.count < count { records += try await event().record.map { [$0] } ?? [] }
        return records
    }
}

extension LiveReader.Event {
    init?(message: String) {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: Data(message.utf8)),
            let name = json["event"]?.text, let id = json["id"]?.integer
        else { return nil }
        self.init(name: name, id: id, record: json["data"]?["id"]?.text.flatMap { UUID(uuidString: $0) })
    }
}
