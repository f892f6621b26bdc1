/// A kind of word that machine files use and the vocabulary explains.
enum WordKind: String, CaseIterable {
    case role, permission, separation
    case `guard`, apply, job, recipient, notice, template, document, stage, method
    case finder, factory, task, zone, lock

    /// The words of this kind.
    func words(of vocabulary: Vocabulary) -> [String] { entries(of: vocabulary).map(\.text) }

    /// The words of this kind where they stand.
    func entries(of vocabulary: Vocabulary) -> [Word] {
        switch self {
        case .role: vocabulary.roles.map(\.name)
        case .permission: vocabulary.permissions
        case .separation: vocabulary.separations.map(\.name)
        case .guard: vocabulary.guards.map(\.name)
        case .apply: vocabulary.applies.map(\.name)
        case .job: vocabulary.jobs.map(\.name)
        case .recipient: vocabulary.recipients.map(\.name)
        case .notice: vocabulary.notices.map(\.name)
        case .template: vocabulary.templates
        case .document: vocabulary.documents
        case .stage: vocabulary.stages
        case .method: vocabulary.methods
        case .finder: vocabulary.finders.map(\.name)
        case .factory: vocabulary.factories.map(\.name)
        case .task: vocabulary.tasks.map(\.name)
        case .zone: vocabulary.zones.map(\.name)
        case .lock: vocabulary.locks
        }
    }

    /// What the value of a job's parameter is.
    init?(parameter: String) {
        switch parameter {
        case "who", "to": self = .recipient
        case "about": self = .notice
        case "template": self = .template
        case "document": self = .document
        case "stage": self = .stage
        case "method": self = .method
        default: return nil
        }
    }
}

/// Every word of the vocabulary that a machine uses, where it uses it.
struct WordUses {
    private var uses: [WordKind: [Word]] = [:]

    subscript(kind: WordKind) -> [Word] { uses[kind] ?? [] }

    init(_ machine: Machine) {
        for move in [machine.create] + machine.moves { add(move) }
        for timer in machine.timers {
            add(timer.onlyIf, as: .guard)
            add(timer.opens, as: .task)
            add([timer.at?.zone].compactMap { $0 }, as: .zone)
        }
        for reaction in machine.reactions {
            add([reaction.find].compactMap { $0 }, as: .finder)
            add([reaction.create].compactMap { $0 }, as: .factory)
            add(reaction.opens, as: .task)
        }
        for call in machine.jobCalls { add(call) }
        add(machine.states.flatMap(\.holds), as: .guard)
        // A record that is locked alone has its place in the order of locks under its own name.
        add([machine.locksWith ?? machine.name], as: .lock)
    }

    private mutating func add(_ words: [Word], as kind: WordKind) { uses[kind, default: []] += words }

    private mutating func add(_ move: Move) {
        add(move.who, as: .role)
        add([move.permission].compactMap { $0 }, as: .permission)
        add(move.notBy, as: .separation)
        add(move.requires + move.outcomes.flatMap(\.when), as: .guard)
        add(move.apply, as: .apply)
        add(move.opens + move.closes + move.outcomes.flatMap(\.closes), as: .task)
    }

    private mutating func add(_ call: JobCall) {
        add([call.kind], as: .job)
        add([call.onlyIf].compactMap { $0 }, as: .guard)
        for parameter in call.parameters {
            if let kind = WordKind(parameter: parameter.name.text) { add([parameter.value], as: kind) }
        }
    }
}

extension Machine {
    /// Every job that it queues anywhere.
    var jobCalls: [JobCall] {
        ([create] + moves).flatMap { $0.jobs + $0.outcomes.flatMap(\.jobs) }
            + timers.flatMap(\.jobs) + reactions.flatMap(\.jobs)
    }
}
