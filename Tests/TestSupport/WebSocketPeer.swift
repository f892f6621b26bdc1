import Foundation

/// A real WebSocket client (Python's websockets) that a test tells what to do.
///
/// It ends with `end()`, and also when the tests end in any other way.
public final class WebSocketPeer: Sendable {
    /// What it hears.
    public enum Heard: Sendable, Equatable {
        /// A message.
        case message(String)
        /// An answer to its ping.
        case pong
        /// The connection has ended, with this code; 1006: without a word.
        case closed(Int)
        /// There is no connection: the server has answered with this status.
        case refused(Int)
    }

    /// It said nothing more, or something that is not understood.
    public struct Silence: Error, CustomStringConvertible {
        /// What it last said, or complained of.
        public let description: String
    }

    private let process: ChildProcess
    private let commands: FileHandle
    private let lines: AsyncStream<String>
    private let complaints: URL

    /// Connects.
    ///
    /// - Parameters:
    ///   - url: `ws://…`.
    ///   - origin: The `Origin` that it sends; nil: none.
    ///   - headers: What else it sends.
    /// - Throws: ``ChildProcess/NotStarted``.
    public init(_ url: String, origin: String? = nil, headers: [String: String] = [:]) throws {
        let (input, output) = (try Stream(), try Stream())
        complaints = FileManager.default.temporaryDirectory.appending(path: "peer-\(UUID().uuidString).txt")
        try Data().write(to: complaints)
        process = try ChildProcess(
            [
                SMTPServer.python.path, Self.script.path, url, origin ?? "",
                String(decoding: try JSONEncoder().encode(headers), as: UTF8.self),
            ],
            input: input.reading, output: output.writing, errors: FileHandle(forWritingTo: complaints))
        try input.reading.close()
        try output.writing.close()
        commands = input.writing
        lines = Self.lines(of: output.reading)
    }

    /// What it hears next.
    ///
    /// - Returns: The next of all that it hears, in order.
    /// - Throws: ``Silence`` when it has ended.
    public func next() async throws -> Heard {
        var iterator = lines.makeAsyncIterator()
        guard let line = await iterator.next() else {
            throw Silence(description: (try? String(contentsOf: complaints, encoding: .utf8)) ?? "")
        }
        let said = try JSONDecoder().decode(Said.self, from: Data(line.utf8))
        if let message = said.message { return .message(message) }
        if said.pong != nil { return .pong }
        if let code = said.closed { return .closed(code) }
        if let status = said.refused { return .refused(status) }
        throw Silence(description: line)
    }

    /// Sends a text.
    public func send(_ text: String) throws { try command(["text": text]) }

    /// Sends bytes as they are, beside the protocol.
    public func send(bytes: [UInt8]) throws {
        try command(["bytes": bytes.map { String(format: "%02x", $0) }.joined()])
    }

    /// Asks whether the other side is there.
    public func ping() throws { try command(["ping": true]) }

    /// Closes the connection with a code.
    public func close(_ code: Int) throws { try command(["close": code]) }

    /// Tears the connection, as a network does.
    public func cut() throws { try command(["cut": true]) }

    /// Takes nothing any more, or again.
    public func setDeaf(_ isDeaf: Bool) throws { try command(["deaf": isDeaf]) }

    /// Ends it.
    public func end() {
        process.send(SIGKILL)
        try? commands.close()
        try? FileManager.default.removeItem(at: complaints)
    }

    private func command(_ command: [String: some Encodable]) throws {
        try commands.write(contentsOf: try JSONEncoder().encode(command) + Data("\n".utf8))
    }

    private struct Said: Decodable {
        var message: String?
        var pong: Bool?
        var closed: Int?
        var refused: Int?
    }

    private static func lines(of file: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            // Reading blocks, so not on a thread that other tasks wait for.
            Thread {
                var rest = Data()
                while case let more = file.moreBytes(), !more.isEmpty {
                    rest += more
                    while let end = rest.firstIndex(of: 0x0A) {
                        continuation.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                        rest.removeSubrange(...end)
                    }
                }
                continuation.finish()
            }.start()
        }
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Resources/websocket_peer.py")
}
