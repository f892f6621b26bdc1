public import Foundation

/// A real mail server (aiosmtpd) for tests, on a free port of this machine.
///
/// It demands STARTTLS with a certificate of its own and a sign-in, unless told otherwise, and keeps every mail it takes.
/// It ends with `stop()`, and also when the tests end in any other way.
public final class SMTPServer: Sendable {
    /// `smtp://127.0.0.1:port`.
    public let url: String
    /// The user that may sign in.
    public let user = "drizzl"
    /// The user's password.
    public let password = "let me send"
    /// The file to trust; the certificate speaks for 127.0.0.1.
    public var certificateFile: String { directory.appending(path: "certificate.pem").path }
    private let directory: URL
    private let process: ChildProcess
    /// The program ends when this is closed, as it is at the latest when the tests end.
    private let lifeline: Stream

    /// Starts a server and waits until it listens.
    ///
    /// - Parameters:
    ///   - isSecure: Whether STARTTLS and a sign-in are demanded; without, neither is offered.
    ///   - refusing: Recipients that get a 550.
    ///   - failingFirst: How many mails get a 451 before the first is taken.
    ///   - delay: How long a mail waits for its answer.
    /// - Returns: The server.
    /// - Throws: `SMTPServerError` with what the program said when it does not start.
    public static func start(
        isSecure: Bool = true, refusing: [String] = [], failingFirst: Int = 0, delay: Duration = .zero
    ) async throws -> SMTPServer {
        let directory = FileManager.default.temporaryDirectory.appending(path: "smtp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var arguments = ["--directory", directory.path, "--fail-first", "\(failingFirst)"]
        arguments += ["--delay", "\(delay / .seconds(1))"]
        arguments += refusing.flatMap { ["--refuse", $0] }
        if isSecure {
            try makeCertificate(in: directory)
            arguments += ["--certificate", directory.appending(path: "certificate.pem").path]
            arguments += ["--key", directory.appending(path: "key.pem").path]
            arguments += ["--user", "drizzl", "--password", "let me send"]
        }
        do { return try await SMTPServer(directory: directory, arguments: arguments) } catch {
            try? FileManager.default.removeItem(at: directory)
            throw error
        }
    }

    private init(directory: URL, arguments: [String]) async throws {
        self.directory = directory
        let output = try Stream()
        lifeline = try Stream()
        let complaints = directory.appending(path: "errors.txt")
        try Data().write(to: complaints)
        do {
            process = try ChildProcess(
                [Self.python.path, Self.script.path] + arguments, input: lifeline.reading, output: output.writing,
                errors: FileHandle(forWritingTo: complaints))
        } catch {
            throw SMTPServerError(reason: "\(Self.python.path) does not run. Set DRIZZL_TEST_PYTHON.")
        }
        try output.writing.close()
        try lifeline.reading.close()
        let line = await Self.firstLine(of: output.reading)
        guard let port = line.split(separator: " ").last.flatMap({ Int($0) }) else {
            let said = try String(contentsOf: complaints, encoding: .utf8).suffix(2000)
            throw SMTPServerError(reason: "The mail server did not start with \(Self.python.path): \(said)")
        }
        url = "smtp://127.0.0.1:\(port)"
    }

    /// The mails taken so far, in the order of taking.
    ///
    /// - Returns: The mails; one that `send` has come back for is among them.
    public func messages() async throws -> [ReceivedMail] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
            let data = try Data(contentsOf: directory.appending(path: name))
            var mail = try JSONDecoder().decode(ReceivedMail.self, from: data)
            mail.raw = try Data(contentsOf: directory.appending(path: name.replacing(".json", with: ".eml")))
            return mail
        }
    }

    /// Waits until a number of mails has been taken, for what sends in the background.
    ///
    /// - Parameters:
    ///   - count: How many at least.
    ///   - limit: How long to wait at most.
    /// - Returns: The mails.
    /// - Throws: `SMTPServerError` when the time is up.
    public func messages(atLeast count: Int, within limit: Duration = .seconds(30)) async throws -> [ReceivedMail] {
        let end = ContinuousClock.now + limit
        while true {
            let mails = try await messages()
            if mails.count >= count { return mails }
            guard ContinuousClock.now < end else {
                throw SMTPServerError(reason: "\(mails.count) mails came within \(limit), not \(count).")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Ends the server and removes its mails.
    public func stop() {
        process.send(SIGKILL)
        try? FileManager.default.removeItem(at: directory)
    }

    static func firstLine(of file: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            // Reading blocks, so not on a thread that other tasks wait for.
            Thread {
                var line = Data()
                while !line.contains(0x0A), case let more = file.moreBytes(), !more.isEmpty { line += more }
                continuation.resume(returning: String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines))
            }.start()
        }
    }

    private static func makeCertificate(in directory: URL) throws {
        _ = try ChildProcess.output(of: [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", directory.appending(path: "key.pem").path,
            "-out", directory.appending(path: "certificate.pem").path,
        ])
        guard FileManager.default.fileExists(atPath: directory.appending(path: "certificate.pem").path) else {
            throw SMTPServerError(reason: "openssl made no certificate.")
        }
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Resources/smtp_server.py")

    static var python: URL {
        if let path = ProcessInfo.processInfo.environment["DRIZZL_TEST_PYTHON"] { return URL(filePath: path) }
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        return root.appending(path: ".drizzl/venv/bin/python")
    }
}

/// A mail as the server took it, and as a mail program would show it.
public struct ReceivedMail: Sendable, Decodable {
    /// A header, decoded.
    public struct Header: Sendable, Decodable {
        /// Its name.
        public let name: String
        /// Its value on one line.
        public let value: String
    }

    /// A file that came along.
    public struct Attachment: Sendable, Decodable {
        /// Its name.
        public let name: String
        /// Its media type.
        public let type: String
        private let base64: String
        /// Its contents.
        public var bytes: [UInt8] { Data(base64Encoded: base64).map { [UInt8]($0) } ?? [] }
    }

    /// From the envelope.
    public let sender: String
    /// From the envelope.
    public let recipients: [String]
    /// Whether it came through TLS.
    public let isEncrypted: Bool
    /// The same for mails of one connection.
    public let connection: String
    /// Decoded.
    public let subject: String
    /// All headers in order.
    public let headers: [Header]
    /// The media types of all parts, depth first.
    public let structure: [String]
    /// The plain text.
    public let text: String
    /// The HTML.
    public let html: String
    /// The files that came along.
    public let attachments: [Attachment]
    /// The bytes as they came.
    public internal(set) var raw = Data()

    private enum CodingKeys: String, CodingKey {
        case sender, recipients, isEncrypted, connection, subject, headers, structure, text, html, attachments
    }

    /// The value of a header.
    ///
    /// - Parameter name: Its name, in any case.
    /// - Returns: The first one's value, or `nil`.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
    }
}

/// Why there is no mail server, or no mail.
public struct SMTPServerError: Error, CustomStringConvertible {
    let reason: String
    /// A sentence.
    public var description: String { reason }
}
