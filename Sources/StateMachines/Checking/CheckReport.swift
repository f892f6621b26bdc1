public import Foundation

/// Everything that is wrong with a folder of lifecycle files, for people and for programs.
public struct CheckReport: Sendable {
    /// All faults, by file and line; warnings among them.
    public let faults: [Fault]
    /// What came of exploring the machines together; nil where there is no `properties.yaml` or an error before it.
    public let product: ProductReport?
    private let machineCount: Int

    /// Checks what was loaded and puts the faults of reading, of checking and of exploring together.
    ///
    /// Machines are explored together only when nothing is wrong with the files by themselves.
    ///
    /// - Parameters:
    ///   - loaded: What was loaded.
    ///   - explores: Whether machines are explored together at all: a program that starts relies on that having been
    ///     done when the files were written.
    public init(_ loaded: WorkflowFiles.Loaded, explores: Bool = true) {
        let faults = loaded.faults + Checker().check(loaded.files)
        let isSound = loaded.files.properties != nil && faults.allSatisfy(\.isWarning) && explores
        let product = isSound ? ProductCheck(loaded.files).run() : nil
        self.faults = (faults + (product?.faults ?? [])).sorted()
        self.product = product
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
            counted(machineCount, "machine"), product.map(explored),
            errors == 0 ? "no error" : counted(errors, "error"),
            warnings == 0 ? nil : counted(warnings, "warning"),
        ].compactMap { $0 }.joined(separator: ", ")
        return (faults.map(\.description) + [sum]).joined(separator: "\n") + "\n"
    }

    /// `{"faults": [{"code", "file", "line", "column", "message", "warning"}], "ok": true, "worlds": […]}`.
    public func json() -> String {
        let answer = Answer(
            ok: !hasErrors, faults: faults.map(Answer.Item.init), worlds: product?.worlds.map(Answer.World.init))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Texts, numbers and booleans cannot fail to be encoded.
        guard let data = try? encoder.encode(answer) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func explored(_ product: ProductReport) -> String {
        let worlds = product.worlds
        return [
            counted(worlds.count, "world"), counted(worlds.map(\.states).reduce(0, +), "state"),
            counted(worlds.map(\.steps).reduce(0, +), "step"),
            counted(worlds.map(\.properties).reduce(0, +), "property", "properties"),
        ].joined(separator: ", ")
    }

    private func counted(_ count: Int, _ noun: String, _ nouns: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : nouns ?? noun + "s")"
    }
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

    struct World: Encodable {
        var name: String
        var states: Int
        var steps: Int
        var properties: Int

        init(_ world: ProductCheck.World) {
            (name, states) = (world.name, world.states)
            (steps, properties) = (world.steps, world.properties)
        }
    }

    var ok: Bool
    var faults: [Item]
    /// Absent where nothing was explored.
    var worlds: [World]?
}
