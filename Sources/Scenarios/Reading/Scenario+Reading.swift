public import Foundation
public import StateMachines

/// A scenario file that cannot be read, with every fault of it.
public struct ScenarioFaults: Error, Sendable, CustomStringConvertible {
    /// What is wrong, by place.
    public var faults: [Fault]

    /// A line for each, `file:line:column: code sentence`.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

extension Scenario {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - url: The file; its path is repeated in every message as it was given.
    ///   - zone: The company's time zone.
    /// - Returns: The scenario.
    /// - Throws: ``ScenarioFaults`` with every fault at once.
    public static func load(_ url: URL, zone: TimeZone) throws(ScenarioFaults) -> Scenario {
        let name = url.relativePath
        return try load(WorkflowFiles.Source(name: name, bytes: WorkflowFiles.bytes(of: url, named: name)), zone: zone)
    }

    /// Reads a text that is at hand.
    ///
    /// - Parameters:
    ///   - text: What stands in the file.
    ///   - name: The file's name, for messages.
    ///   - zone: The company's time zone.
    /// - Returns: The scenario.
    /// - Throws: ``ScenarioFaults`` with every fault at once.
    public static func load(text: String, name: String, zone: TimeZone) throws(ScenarioFaults) -> Scenario {
        try load(WorkflowFiles.Source(name: name, bytes: .success(Array(text.utf8))), zone: zone)
    }

    private static func load(_ source: WorkflowFiles.Source, zone: TimeZone) throws(ScenarioFaults) -> Scenario {
        let notes = FaultNotes()
        guard let root = SourceNode.read(source, notes: notes),
            let scenario = ScenarioReader(file: source.name, zone: zone, notes: notes).scenario(root.node),
            notes.faults.isEmpty
        else { throw ScenarioFaults(faults: notes.faults.sorted()) }
        return scenario
    }
}

/// Reads one scenario and notes everything that is wrong with it.
final class ScenarioReader {
    let file: String
    let zone: TimeZone
    let notes: FaultNotes

    init(file: String, zone: TimeZone, notes: FaultNotes) {
        (self.file, self.zone, self.notes) = (file, zone, notes)
    }

    func scenario(_ root: SourceNode) -> Scenario? {
        let reader = MappingReader(root, subject: "the scenario", at: root.location, notes: notes)
        let title = reader.required("scenario")?.text("the scenario's sentence", notes: notes)
        let covers = reader.optional("covers")?.items("covers", notes: notes) ?? []
        let clock = reader.required("clock").flatMap { moment($0, "clock") }
        let given = reader.optional("given").map(given) ?? ScenarioGiven()
        let steps = (reader.required("steps")?.items("steps", atLeast: 1, notes: notes) ?? []).compactMap(step)
        reader.finish()
        guard let title, let clock else { return nil }
        return Scenario(
            file: file, title: title.text, covers: covers.compactMap { $0.text("covers", notes: notes)?.text },
            clock: clock, zone: zone, given: given, steps: steps)
    }

    private func given(_ node: SourceNode) -> ScenarioGiven {
        let reader = MappingReader(node, subject: "given", at: node.location, notes: notes)
        defer { reader.finish() }
        return ScenarioGiven(
            partner: reader.optional("partner").map { pairs($0, "partner") },
            stock: reader.optional("stock")?.integer("stock", in: 0...1_000_000_000, notes: notes).map(Int64.init),
            rep: reader.optional("rep")?.text("rep", notes: notes)?.text)
    }

    func moment(_ node: SourceNode, _ subject: String) -> Date? {
        guard let word = node.text(subject, notes: notes) else { return nil }
        if let moment = ScenarioTime.moment(word.text, in: zone) { return moment }
        notes.add("W000", at: node.location, "\(subject) is \"\(word)\"; write \"2026-03-02 10:00\", company time")
        return nil
    }

    func pairs(_ node: SourceNode, _ subject: String) -> [ScenarioPair] {
        guard let pairs = ScenarioValue(node, notes: notes).pairs else {
            notes.add("W000", at: node.location, "\(subject) is \(node.kind) where a mapping is wanted")
            return []
        }
        return pairs
    }

    /// A word or a list of words.
    func words(_ node: SourceNode, _ subject: String) -> [Word] {
        if case .sequence(let items) = node.content { return items.compactMap { $0.text(subject, notes: notes) } }
        return node.text(subject, notes: notes).map { [$0] } ?? []
    }
}
