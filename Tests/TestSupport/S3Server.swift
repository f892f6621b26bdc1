public import Foundation

/// A real server that speaks S3 (moto), with a bucket `files` and a user who may write and read in it.
///
/// It checks signatures and rights. It ends with `stop()`, and also when the tests end in any other way.
public final class S3Server: Sendable {
    /// It did not start.
    public struct NotStarted: Error, CustomStringConvertible {
        /// What it complained of.
        public let description: String
    }

    /// Where it is.
    public let endpoint: URL
    /// The name of the user's key.
    public let accessKey: String
    /// The user's key.
    public let secretKey: String
    private let process: ChildProcess
    /// The program ends when this is closed, as it is at the latest when the tests end.
    private let lifeline: Stream

    /// Starts a server and waits until it listens.
    ///
    /// - Throws: ``NotStarted`` with what the program said.
    public init() async throws {
        let output = try Stream()
        lifeline = try Stream()
        let complaints = FileManager.default.temporaryDirectory.appending(path: "s3-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: complaints) }
        try Data().write(to: complaints)
        process = try ChildProcess(
            [SMTPServer.python.path, Self.script.path], input: lifeline.reading, output: output.writing,
            errors: FileHandle(forWritingTo: complaints))
        try output.writing.close()
        try lifeline.reading.close()
        let words = await SMTPServer.firstLine(of: output.reading).split(separator: " ").map(String.init)
        guard words.count == 4, let endpoint = URL(string: "http://127.0.0.1:\(words[1])") else {
            let said = try String(contentsOf: complaints, encoding: .utf8)
            throw NotStarted(description: String(said.suffix(2_000)))
        }
        (self.endpoint, accessKey, secretKey) = (endpoint, words[2], words[3])
    }

    /// Ends the server.
    public func stop() { process.send(SIGKILL) }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Resources/s3_server.py")
}
