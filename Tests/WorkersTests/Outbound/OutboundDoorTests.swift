import Foundation
import Synchronization
import Testing

@testable import Workers

/// Where the program may be sent by somebody who names an address (SEC-12).
@Suite struct OutboundDoorTests {
    /// A door at which names lead where the test says.
    private func door(
        _ exceptions: [String] = [], limit: Duration = .seconds(60),
        names: (@Sendable (String) -> [String]?)? = nil
    ) -> OutboundDoor {
        var door = OutboundDoor(rules: OutboundRules(exceptions: exceptions), timeLimit: limit)
        door.lookUp = names
        return door
    }

    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254",
        "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "100::1", "3fff::1",
    ])
    func `an address of no outsider's business is not public`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic == false)
    }

    @Test(arguments: [
        "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "169.253.0.1",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::101:101",
    ])
    func `an address of the internet at large is public`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [["127.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["10.0.0.1", "127.0.0.1"]])
    func `a name that leads into a private network is not fetched`(addresses: [String]) async throws {
        let receiver = try HTTPReceiver()
        let error = await #expect(throws: OutboundError.self) {
            try await door(names: { _ in addresses }).fetch(.get("http://innocent.example:\(receiver.port)/"))
        }
        #expect(error == .forbiddenAddress)
        #expect(receiver.received.isEmpty)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.0.0.1."])
    func `neither is this machine under any of its names`(host: String) async throws {
        let receiver = try HTTPReceiver()
        await #expect(throws: OutboundError.self) { try await door().fetch(.get("http://\(host):\(receiver.port)/")) }
        #expect(receiver.received.isEmpty)
    }

    @Test(arguments: ["innocent.example", "INNOCENT.example", "127.0.0.1", "127.0.0.0/8"])
    func `what the settings name is reached all the same`(exception: String) async throws {
        let receiver = try HTTPReceiver { _ in .answer(200, body: "hello") }
        let answer = try await door([exception], names: { _ in ["127.0.0.1"] })
            .fetch(.get("http://innocent.example:\(receiver.port)/"))
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
    }

    @Test func `a name that leads elsewhere the second time is looked at the second time`() async throws {
        let inner = try HTTPReceiver()
        let outer = try HTTPReceiver(host: "127.0.0.2", port: inner.port) { _ in
            .answer(302, headers: ["Location": "/again"])
        }
        let asked = Mutex(0)
        let rebinding = door(["127.0.0.2"]) { _ in
            asked.withLock { count in
                count += 1
                return [count == 1 ? "127.0.0.2" : "127.0.0.1"]
            }
        }
        let error = await #expect(throws: OutboundError.self) {
            try await rebinding.fetch(.get("http://rebinding.example:\(inner.port)/"))
        }
        #expect(error == .forbiddenAddress)
        #expect(outer.received.count == 1 && inner.received.isEmpty)
    }

    @Test func `of several addresses only those that are good are tried`() async throws {
        let inner = try HTTPReceiver()
        let outer = try HTTPReceiver(host: "127.0.0.2", port: inner.port)
        let answer = try await door(["127.0.0.2"], names: { _ in ["127.0.0.1", "127.0.0.2"] })
            .fetch(.get("http://both.example:\(inner.port)/"))
        #expect(answer.status == 200)
        #expect(outer.received.count == 1 && inner.received.isEmpty)
    }

    @Test func `being sent on leads no further in, and ends`() async throws {
        let inner = try HTTPReceiver()
        let target = inner.url
        let outer = try HTTPReceiver(host: "127.0.0.2") { request in
            let steps = Int(request.head.split(separator: " ")[1].dropFirst()) ?? 0
            return switch steps {
            case 0: .answer(200, body: "there")
            case 99: .answer(302, headers: ["Location": target])
            case 98: .answer(302, headers: ["Location": "file:///etc/passwd"])
            default: .answer(302, headers: ["Location": "/\(steps - 1)"])
            }
        }
        let (door, start) = (door(["127.0.0.2"]), "http://127.0.0.2:\(outer.port)/")
        #expect(try await door.fetch(.get(start + "3")).status == 200)
        var error = await #expect(throws: OutboundError.self) { try await door.fetch(.get(start + "4")) }
        #expect(error == .tooManyRedirects)
        error = await #expect(throws: OutboundError.self) { try await door.fetch(.get(start + "99")) }
        #expect(error == .forbiddenAddress)
        error = await #expect(throws: OutboundError.self) { try await door.fetch(.get(start + "98")) }
        #expect(error == .badAddress)
        #expect(inner.received.isEmpty)
        // What is posted is sent on nowhere.
        #expect(try await door.fetch(.post(start + "1", "{}", headers: [])).status == 302)
    }

    @Test(arguments: [true, false])
    func `an answer that is too long is not taken`(isTold: Bool) async throws {
        let long = try HTTPReceiver { _ in .bytes(1_048_577, isTold: isTold) }
        let error = await #expect(throws: OutboundError.self) { try await door(["127.0.0.1"]).fetch(.get(long.url)) }
        #expect(error == .tooLarge(limit: 1_048_576))
        let just = try HTTPReceiver { _ in .bytes(1_048_576, isTold: isTold) }
        #expect(try await door(["127.0.0.1"]).fetch(.get(just.url)).body.count == 1_048_576)
    }

    @Test func `who is too slow is not waited for, by silence or by the drop`() async throws {
        for reply in [HTTPReceiver.Reply.silence, .trickle] {
            let slow = try HTTPReceiver { _ in reply }
            let begun = ContinuousClock.now
            let error = await #expect(throws: OutboundError.self) {
                try await door(["127.0.0.1"], limit: .milliseconds(300)).fetch(.get(slow.url))
            }
            #expect(error == .tooSlow(limit: .milliseconds(300)))
            #expect(ContinuousClock.now - begun < .seconds(50))
        }
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://user:pass@127.0.0.1/", "http:///x",
        "no",
        "http://127.0.0.1:99999/", "",
    ])
    func `what is no web address is none`(url: String) async throws {
        await #expect(throws: OutboundError.self) { try await door(["127.0.0.1"], limit: .seconds(1)).fetch(.get(url)) }
    }
}
