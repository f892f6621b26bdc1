import Foundation

/// Other programs.
enum Program {
    /// Runs a program to its end.
    ///
    /// - Parameter words: What it finds in its environment besides, such as `NAME=value`; its name; its arguments.
    /// - Returns: What it wrote.
    /// - Throws: ``BenchFailure`` with what it wrote, when it failed.
    static func output(_ words: [String]) throws -> String {
        let process = prepared(words)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw BenchFailure("\(words.joined(separator: " ")) ended with \(process.terminationStatus):\n\(text)")
        }
        return text
    }

    /// A program that goes on beside this one; see ``output(_:)``.
    static func begin(_ words: [String]) throws -> Process {
        let process = prepared(words)
        // What the product says is not what was measured.
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// By way of `env`, which looks it up and becomes it.
    private static func prepared(_ words: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        return process
    }

    /// A number of `/proc/PID/status`, such as `VmHWM`, in megabytes.
    static func megabytes(_ name: String, of process: Process) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return Double(line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1_024
    }
}
