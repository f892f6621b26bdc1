import Foundation

/// Other programs.
enum Program {
    /// Runs a program to its end.
    ///
    /// - Parameter words: Its name and its arguments.
    /// - Returns: What it wrote.
    /// - Throws: `Limit.Failure` with what it wrote, when it failed.
    static func output(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Limit.Failure(description: "\(words.first ?? "") ended with \(process.terminationStatus):\n\(text)")
        }
        return text
    }

    /// This program again, with other arguments, beside this one.
    static func again(_ words: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = words
        try process.run()
        return process
    }
}
