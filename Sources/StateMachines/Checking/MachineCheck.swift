/// One machine with all that it is judged by; each family of checks is an extension in a file of its own.
struct MachineCheck {
    let machine: Machine
    let files: WorkflowFiles
    let graph: StateGraph

    init(machine: Machine, files: WorkflowFiles) {
        (self.machine, self.files) = (machine, files)
        graph = StateGraph(machine, isDamaged: files.damaged.contains(machine.name.location.file))
    }

    var vocabulary: Vocabulary { files.vocabulary }

    /// Whether a part of the file could not be read, so that what is missing may have been meant to be there.
    var isDamaged: Bool { files.damaged.contains(machine.name.location.file) }

    /// Whether words may be missing from the vocabulary that were meant to be there.
    var isVocabularyDamaged: Bool { files.damaged.contains { $0.hasSuffix("vocabulary.yaml") } }

    /// `create`, transitions and corrections.
    var allMoves: [Move] { [machine.create] + machine.moves }

    var faults: [Fault] {
        stateNameFaults + repeatedNameFaults + createFaults
            + wordFaults + jobFaults
            + permissionFaults + buttonFaults + systemFaults
            + graphFaults + finalStateFaults
            + repeatFaults + outcomeFaults
            + timerFaults + timerMoveFaults + collisionFaults
            + factFaults + restingFaults
            + inputFaults + reactionFaults + eventFaults
            + taskFaults + renameFaults
    }
}

extension Move {
    /// `transition "pay"`, or `create`.
    var subject: String { kind == .create ? "create" : "\(kind.rawValue) \"\(name)\"" }

    /// The ends it has, each as it is written.
    var ends: [Word] {
        switch target {
        case .state(let word), .same(let word), .previous(let word): [word]
        case .outcomes(let rules): rules.map(\.to)
        }
    }

    /// Its outcomes; none where it has one end.
    var outcomes: [OutcomeRule] {
        if case .outcomes(let rules) = target { rules } else { [] }
    }
}
