/// Proves what can be proved of lifecycle files without running them.
///
/// Looks at each machine file with the vocabulary beside it and at the names by which machines know each other. Pure:
/// the same files give the same faults. What a code means stands in `docs/lifecycle-files.md`.
public struct Checker: Sendable {
    /// Makes a checker; it has no settings, since a fault is a fault everywhere.
    public init() {}

    /// Checks everything and reports all faults at once.
    ///
    /// Faults of reading are not among them: ``WorkflowFiles/load(directory:)`` has told those. Of a file that could not
    /// be read in full, nothing is judged that depends on what is missing.
    ///
    /// - Parameter files: What was loaded.
    /// - Returns: Every fault, by file and line.
    public func check(_ files: WorkflowFiles) -> [Fault] {
        let faults =
            FilesCheck(files: files).faults
            + VocabularyCheck(files: files).faults
            + PropertiesCheck(files: files).faults
            + CascadeCheck(files: files).faults
            + files.machines.flatMap { MachineCheck(machine: $0, files: files).faults }
        var seen: Set<Fault> = []
        return faults.filter { seen.insert($0).inserted }.sorted()
    }
}

extension Fault {
    /// A fault at a word of a file.
    init(_ code: String, _ word: Word, _ message: String, isWarning: Bool = false) {
        self.init(code: code, location: word.location, message: message, isWarning: isWarning)
    }
}
