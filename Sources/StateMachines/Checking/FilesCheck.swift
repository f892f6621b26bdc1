/// What can only be seen with all machines side by side.
struct FilesCheck {
    let files: WorkflowFiles

    var faults: [Fault] { sharedColumns + sharedNames }

    /// W001: each column has one master.
    private var sharedColumns: [Fault] {
        files.machines.enumerated().compactMap { index, machine in
            let other = files.machines[..<index].first { $0.entity == machine.entity && $0.field == machine.field }
            return other.map {
                Fault(
                    "W001", machine.field,
                    "machine \"\($0.name)\" holds its state in \(machine.entity).\(machine.field) too")
            }
        }
    }

    /// W012: history knows machines by their names.
    private var sharedNames: [Fault] {
        files.machines.enumerated().compactMap { index, machine in
            let other = files.machines[..<index].first { $0.name == machine.name }
            return other.map {
                Fault("W012", machine.name, "\($0.name.location.file) holds a machine called \"\(machine.name)\" too")
            }
        }
    }
}
