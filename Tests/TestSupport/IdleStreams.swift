import Foundation

/// Many idle streams of changes, held by a program of their own.
public final class IdleStreams: Sendable {
    /// How a stream speaks.
    public enum Kind: String, Sendable, CaseIterable {
        /// Server-Sent Events.
        case sse
        /// WebSocket.
        case websocket
    }

    private let process: ChildProcess
    private let lifeline: Stream

    /// Opens them and waits until all have begun.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - kind: How they speak.
    ///   - port: Where, on this machine.
    ///   - token: The service token that they show.
    /// - Throws: ``DrizzlProcess/Failure`` when one does not begin.
    public init(_ count: Int, _ kind: Kind, port: Int, token: String) async throws {
        let output = try Stream()
        lifeline = try Stream()
        process = try ChildProcess(
            [SMTPServer.python.path, Self.script.path, "\(port)", "\(count)", token, kind.rawValue],
            input: lifeline.reading, output: output.writing, errors: .standardError)
        try output.writing.close()
        try lifeline.reading.close()
        guard await SMTPServer.firstLine(of: output.reading) == "READY" else {
            throw DrizzlProcess.Failure(description: "not every stream has begun")
        }
    }

    /// Ends them all.
    public func end() { process.send(SIGKILL) }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Resources/idle_streams.py")
}
