/// A machine file with one mistake in it.
public struct Mutant: Sendable {
    /// What kind of mistake a person makes.
    public enum Kind: String, Sendable, CaseIterable {
        case misspelledState = "a state misspelled"
        case misspelledGuard = "a guard misspelled"
        case misspelledApply = "an apply misspelled"
        case misspelledJob = "a job misspelled"
        case misspelledParameter = "a parameter misspelled"
        case misspelledFinder = "a finder misspelled"
        case misspelledFactory = "a factory misspelled"
        case misspelledWord = "another word misspelled"
        case unknownKey = "an unknown key"
        case moveDeleted = "a move deleted"
        case timerDeleted = "a timer deleted"
        case reactionDeleted = "a reaction deleted"
        case eventForgotten = "one of several events forgotten"
        case fromForgotten = "one of several from-states forgotten"
        case finalStateLeft = "a final state left"
        case wrongTarget = "a wrong target"
        case guardForgotten = "a guard forgotten"
        case applyForgotten = "an apply forgotten"
        case holdForgotten = "a hold forgotten"
        case alreadyForgotten = "an already forgotten"
        case permissionForgotten = "a permission forgotten"
        case buttonForgotten = "a button forgotten"
        case systemForgotten = "system forgotten"
        case lockForgotten = "a lock forgotten"
        case laterForgotten = "a later forgotten"
        case ifMissedForgotten = "an if_missed forgotten"
        case ifRefusedForgotten = "an if_refused forgotten"
        case restingReasonForgotten = "a may_rest_in forgotten"
        case parkIntoNote = "park turned into note"
        case taskNotOpened = "a task not opened"
        case taskNotClosed = "a task not closed"
        case noDefaultOutcome = "no default outcome"
        case outcomesTurnedRound = "outcomes turned round"
        case timerFromNothing = "a timer that counts from nothing"
        case timerInFinalState = "a timer that waits in a final state"
        case timerFiresUnknown = "a timer that fires an unknown move"
        case timerFiresImpossible = "a timer that fires an impossible move"
        case inputMissing = "an input missing"
        case inputMadeUp = "an input made up"
        case inputOfWrongRecord = "an input read from the wrong record"

        /// Misspellings, broken references, illegal exits and broken triggers: none of these may pass the checks.
        public var mustBeNoticed: Bool {
            switch self {
            case .misspelledState, .misspelledGuard, .misspelledApply, .misspelledJob, .misspelledParameter,
                .misspelledFinder, .misspelledFactory, .misspelledWord, .unknownKey, .finalStateLeft,
                .timerFromNothing, .timerInFinalState, .timerFiresUnknown, .timerFiresImpossible, .inputMissing,
                .inputMadeUp, .inputOfWrongRecord:
                true
            default: false
            }
        }
    }

    /// The changed file, `order.yaml`.
    public let file: String
    /// What stands in it with the mistake.
    public let text: String
    /// The kind of mistake.
    public let kind: Kind
    /// What was done where: `order.confirm: guard no_credit_hold forgotten`.
    public let name: String

    /// The machine of the changed file.
    public var machine: String { String(file.dropLast(".yaml".count)) }

    /// Every mistake of every kind, one at a time, in files that have none.
    ///
    /// Deterministic: the same texts give the same mutants in the same order.
    ///
    /// - Parameter texts: The texts of machine files by their names; `vocabulary.yaml` and `properties.yaml` are passed
    ///   over.
    /// - Returns: The mutants, file by file; each differs from its file in what it means, and no two of a file are alike.
    /// - Throws: When a text is no YAML.
    public static func all(of texts: [String: String]) throws -> [Mutant] {
        let files = machineFiles(of: texts)
        let machines = files.keys.map { String($0.dropLast(".yaml".count)) }.sorted()
        return try files.sorted { $0.key < $1.key }.flatMap { file, text in
            let source = MachineFile(file: file, tree: try Tree(yaml: text), machines: machines)
            var seen: Set<String> = [source.tree.yaml]
            return source.mistakes.filter { seen.insert($0.text).inserted }
        }
    }

    /// The machine files as they are written down when nothing is changed in them.
    ///
    /// - Parameter texts: As for ``all(of:)``.
    /// - Returns: The new texts by the names of the files.
    /// - Throws: When a text is no YAML.
    public static func unchanged(_ texts: [String: String]) throws -> [String: String] {
        try machineFiles(of: texts).mapValues { try Tree(yaml: $0).yaml }
    }

    private static func machineFiles(of texts: [String: String]) -> [String: String] {
        texts.filter { !["vocabulary.yaml", "properties.yaml"].contains($0.key) }
    }
}
