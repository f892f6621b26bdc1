public import Foundation

/// Everything that is wrong with a folder of lifecycle files, for people and for programs.
public struct CheckReport: Sendable {
    /// All faults, by file and line; warnings among them.
    public let faults: [Fault]
    private let machineCount: Int

    /// Checks what was loaded and puts the faults of reading and of checking together.
    public init(_ loaded: WorkflowFiles.Loaded) {
        faults = (loaded.faults + Checker().check(loaded.files)).sorted()
        machineCount = loaded.files.machines.count
    }

    /// Loads a folder and checks it.
    public init(directory: URL) {
        self.init(WorkflowFiles.load(directory: directory))
    }

    /// Whether the files may not run.
    ///
    /// Warnings alone are no error.
    public var hasErrors: Bool { faults.contains { !$0.isWarning } }

    /// One line per fault, as editors understand it, and a line that sums up.
    public func text() -> String {
        let warnings = faults.count(where: \.isWarning)
        let errors = faults.count - warnings
        let sum = [
            counted(machineCount, "machine"), errors == 0 ? "no error" : counted(errors, "error"),
            warnings == 0 ? nil : counted(warnings, "warning"),
        ].compactMap { $0 }.joined(separator: ", ")
        return (faults.map(\.description) + [sum]).joined(separator: "\n") + "\n"
    }

    /// `{"faults": [{"code", "file", "line", "column", "message", "warning"}], "ok": true}`.
    public func json() -> String {
        let answer = Answer(ok: !hasErrors, faults: faults.map(Answer.Item.init))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Texts, numbers and booleans cannot fail to be encoded.
        guard let data = try? encoder.encode(answer) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

/// The report as programs read it.
private struct Answer: Encodable {
    struct Item: Encodable {
        var code: String
        var file: String
        var line: Int
        var column: Int
        var message: String
        var warning: Bool

        init(_ fault: Fault) {
            (code, file, line) = (fault.code, fault.location.file, fault.location.line)
            (column, message, warning) = (fault.location.column, fault.message, fault.isWarning)
        }
    }

    var ok: Bool
    var faults: [Item]
}
