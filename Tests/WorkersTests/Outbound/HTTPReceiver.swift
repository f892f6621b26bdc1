import Foundation
import Synchronization

/// A web server on this machine, for what the program sends out; one connection, one request.
final class HTTPReceiver: Sendable {
    struct Received: Sendable {
        var head: String
        var body: String

        /// The value of a header.
        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
        }
    }

    enum Reply: Sendable {
        case answer(_ status: Int, headers: [String: String] = [:], body: String = "")
        /// A body of so many bytes, with its length told beforehand or not.
        case bytes(Int, isTold: Bool)
        /// Nothing, until the other side goes.
        case silence
        /// A byte now and then.
        case trickle
    }

    let port: Int
    let host: String
    private let listener: Int32
    private let inbox = Inbox()

    private final class Inbox: Sendable {
        let requests = Mutex<[Received]>([])
    }

    struct Failure: Error {}

    /// Listens on an address of the loopback network until it is released.
    init(
        host: String = "127.0.0.1", port: Int = 0,
        _ reply: @escaping @Sendable (Received) -> Reply = { _ in .answer(200) }
    ) throws {
        self.host = host
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        self.port = Int(in_port_t(bigEndian: address.sin_port))
        Thread { [inbox] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread { Self.serve(connection, inbox, reply) }.start()
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var url: String { "http://\(host):\(port)/hook" }
    var received: [Received] { inbox.requests.withLock { $0 } }

    private static func serve(_ connection: Int32, _ inbox: Inbox, _ reply: @Sendable (Received) -> Reply) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var request: Received?
        while request == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            request = Self.read(bytes)
        }
        guard let request else { return }
        inbox.requests.withLock { $0.append(request) }
        switch reply(request) {
        case .answer(let status, let headers, let body):
            let lines = headers.map { "\($0): \($1)\r\n" }.joined()
            write("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)", to: connection)
        case .bytes(let count, let isTold):
            let length = isTold ? "Content-Length: \(count)\r\n" : ""
            write("HTTP/1.1 200 OK\r\n\(length)Connection: close\r\n\r\n", to: connection)
            write(String(repeating: "x", count: count), to: connection)
        case .silence: _ = recv(connection, &buffer, buffer.count, 0)
        case .trickle:
            write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", to: connection)
            // Ends when the other side has gone: then nothing can be sent any more.
            while write("x", to: connection) { usleep(20_000) }
        }
    }

    @discardableResult
    private static func write(_ text: String, to connection: Int32) -> Bool {
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            left = left.dropFirst(count)
        }
        return true
    }

    /// A request when it is whole.
    private static func read(_ bytes: [UInt8]) -> Received? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let request = Received(head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        return request.body.utf8.count >= length ? request : nil
    }
}
