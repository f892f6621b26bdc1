public import Foundation

/// The real program as a process of its own, so that it can be killed like one.
public final class DrizzlProcess: Sendable {
    /// What went wrong with it.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence, with what the program said.
        public let description: String

        /// Makes a failure.
        public init(description: String) { self.description = description }
    }

    private let process: ChildProcess
    private let log: URL

    /// Starts `drizzl` with these words and nothing of this environment but the path.
    ///
    /// - Parameters:
    ///   - words: The command and its arguments.
    ///   - environment: The settings.
    /// - Returns: The running program.
    /// - Throws: ``Failure`` when there is no program to start.
    public static func start(_ words: [String], environment: [String: String]) throws -> DrizzlProcess {
        try DrizzlProcess(words, environment)
    }

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - words: The command and its arguments.
    ///   - environment: The settings.
    /// - Returns: What it printed.
    /// - Throws: ``Failure`` when it exits with anything but 0.
    @discardableResult
    public static func run(_ words: [String], environment: [String: String]) async throws -> String {
        let program = try DrizzlProcess(words, environment)
        let status = await program.process.waitForExit()
        guard status == 0 else {
            throw Failure(
                description: "drizzl \(words.joined(separator: " ")) exited with \(status): \(program.output)")
        }
        return program.output
    }

    private init(_ words: [String], _ environment: [String: String]) throws {
        let variables = ProcessInfo.processInfo.environment
        guard let binary = variables["DRIZZL_TEST_BINARY"] else {
            throw Failure(description: "DRIZZL_TEST_BINARY is not set; `make test` sets it")
        }
        log = FileManager.default.temporaryDirectory.appending(path: "drizzl-\(UUID().uuidString).log")
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        process = try ChildProcess(
            [binary] + words,
            environment: environment.merging(
                ["PATH": variables["PATH"] ?? "/usr/bin:/bin", "DRIZZL_HOME": Self.root.path]
            ) { own, _ in own },
            output: handle, errors: handle)
    }

    /// What it has printed so far.
    public var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Whether it still runs.
    public var isRunning: Bool { process.isRunning }

    /// How much of the machine's memory it has at present.
    public var residentBytes: Int {
        get throws {
            let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            guard let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            else {
                throw Failure(description: "drizzl does not run: \(output)")
            }
            return kibibytes * 1_024
        }
    }

    /// Waits until a worker or scheduler has begun.
    ///
    /// Until then it ends at a signal as any program does, and not in its own way.
    ///
    /// - Throws: ``Failure`` when it does not begin.
    public func hasBegun() async throws {
        try await eventually("the program has begun: \(output)") {
            output.contains("working") || output.contains("scheduling")
        }
    }

    /// Ends it as a power cut would: it gets no chance to tidy up.
    public func killHard() async {
        process.send(SIGKILL)
        await process.waitForExit()
    }

    /// Asks it to end, and waits until it has.
    ///
    /// - Returns: The exit status.
    @discardableResult
    public func stop() async -> Int32 {
        process.send(SIGTERM)
        let status = await process.waitForExit()
        // Why it ended otherwise than asked is nowhere else to be read.
        if status != 0 { print("drizzl ended with \(status): \(output)") }
        try? FileManager.default.removeItem(at: log)
        return status
    }

    /// The project's folder.
    public static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
}

/// Waits for something to become true, by looking at it again and again.
///
/// - Parameters:
///   - what: What is waited for, for the failure's text.
///   - limit: How long at most.
///   - condition: Looks.
/// - Throws: ``DrizzlProcess/Failure`` when the time is up; what the condition throws.
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            throw DrizzlProcess.Failure(description: "not within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(50))
    }
}
