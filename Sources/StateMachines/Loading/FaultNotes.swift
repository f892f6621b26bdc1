/// Gathers the faults of all files while they are read, so that no reader stops at the first.
package final class FaultNotes {
    package private(set) var faults: [Fault] = []
    /// Files in which something is not as it was meant to be, so that its absence means nothing.
    private(set) var damagedFiles: Set<String> = []

    package init() {}

    package func add(_ code: String, at location: SourceLocation, _ message: String) {
        add(Fault(code: code, location: location, message: message))
    }

    /// W000 and W003 leave something out; a word that YAML would misread (W002) is there all the same.
    func add(_ fault: Fault) {
        if fault.code == "W000" || fault.code == "W003" { damagedFiles.insert(fault.location.file) }
        if !faults.contains(fault) { faults.append(fault) }
    }
}
