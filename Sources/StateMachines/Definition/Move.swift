/// A named transition: who may make it, when, and what it changes.
public struct Move: Sendable {
    /// Which part of the file it stands in.
    public enum Kind: String, Sendable {
        /// Makes a record.
        case create
        /// Leaves an open state, or stays in any.
        case transition
        /// The only way out of a final state.
        case correction
    }

    /// Where a move leads.
    public enum Target: Sendable {
        /// To a state.
        case state(Word)
        /// Nowhere: nothing is entered and timers that count from entering run on. The word is `same`.
        case same(Word)
        /// To the state before the final one; corrections only. The word is `previous`.
        case previous(Word)
        /// To the first outcome whose `when` holds after `apply`.
        case outcomes([OutcomeRule])
    }

    /// Its name; `create` for the move that makes a record.
    public var name: Word
    /// Which part of the file it stands in.
    public var kind: Kind
    /// How history calls it.
    public var title: String
    /// What it means, for the documentation.
    public var about: String?
    /// What a person presses.
    public var button: String?
    /// What is asked before.
    public var confirm: String?
    /// The states it starts in.
    public var from: [Word]
    /// Where it leads.
    public var target: Target
    /// States in which a late or repeated request is answered "already done".
    public var already: [Word]
    /// The roles that may make it.
    public var who: [Word]
    /// What an admin needs besides being one.
    public var permission: Word?
    /// Separations of duties: who may not make it though its role may.
    public var notBy: [Word]
    /// Its inputs.
    public var asks: [Ask]
    /// Guards, in the order in which people should read their refusals.
    public var requires: [Word]
    /// What changes in the same transaction, in order.
    public var apply: [Word]
    /// What is queued.
    public var jobs: [JobCall]
    /// Tasks it opens.
    public var opens: [Word]
    /// Tasks it closes.
    public var closes: [Word]

    /// Makes a move of its parts.
    public init(
        name: Word, kind: Kind = .transition, title: String, about: String? = nil, button: String? = nil,
        confirm: String? = nil, from: [Word], target: Target, already: [Word] = [], who: [Word],
        permission: Word? = nil, notBy: [Word] = [], asks: [Ask] = [], requires: [Word] = [], apply: [Word] = [],
        jobs: [JobCall] = [], opens: [Word] = [], closes: [Word] = []
    ) {
        (self.name, self.kind, self.title, self.about) = (name, kind, title, about)
        (self.button, self.confirm, self.from, self.target) = (button, confirm, from, target)
        (self.already, self.who, self.permission, self.notBy) = (already, who, permission, notBy)
        (self.asks, self.requires, self.apply, self.jobs) = (asks, requires, apply, jobs)
        (self.opens, self.closes) = (opens, closes)
    }

    /// The inputs of the move: those it asks for, and the reason that every correction asks for.
    public var inputs: [Ask] {
        guard kind == .correction, !asks.contains(where: { $0.name == "reason" }) else { return asks }
        return asks + [Ask(name: "reason", type: .text, isRequired: true)]
    }
}

/// One of several ends of a move.
public struct OutcomeRule: Sendable {
    /// A state, `same`, or in corrections `previous`.
    public var to: Word
    /// Guards that must hold after `apply`; empty for the last.
    public var when: [Word]
    /// What is queued besides the move's own jobs.
    public var jobs: [JobCall]
    /// Tasks it closes besides the move's own.
    public var closes: [Word]

    /// Makes an outcome of its parts.
    public init(to: Word, when: [Word] = [], jobs: [JobCall] = [], closes: [Word] = []) {
        (self.to, self.when, self.jobs, self.closes) = (to, when, jobs, closes)
    }
}

/// An input of a move.
public struct Ask: Sendable {
    /// What an input may be.
    public enum Kind: Sendable, Hashable {
        /// Any text.
        case text
        /// Integer cents.
        case money
        /// Integer basis points.
        case percent
        /// A whole number.
        case integer
        /// A calendar day, `YYYY-MM-DD`.
        case date
        /// A moment, RFC 3339.
        case time
        /// One of the named values.
        case choice([Word])
        /// True or false.
        case boolean
        /// The id of a stored file.
        case file
        /// The id of a record; of the bodies that make records, not of files.
        case reference
        /// Products and quantities.
        case lines
    }

    /// Its name.
    public var name: Word
    /// What it may be.
    public var type: Kind
    /// Whether it must be given.
    public var isRequired: Bool
    /// What people call it.
    public var title: String?

    /// Makes an input of its parts.
    public init(name: Word, type: Kind, isRequired: Bool = false, title: String? = nil) {
        (self.name, self.type, self.isRequired, self.title) = (name, type, isRequired, title)
    }
}

/// One job that a move or timer queues.
public struct JobCall: Sendable {
    /// The kind of job.
    public var kind: Word
    /// Its parameters, without `only_if`.
    public var parameters: [NamedValue]
    /// A guard that is looked at after `apply`; false: the job is not queued.
    public var onlyIf: Word?

    /// Makes a call of its parts.
    public init(kind: Word, parameters: [NamedValue] = [], onlyIf: Word? = nil) {
        (self.kind, self.parameters, self.onlyIf) = (kind, parameters, onlyIf)
    }

    /// The value of a parameter.
    public func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value.text }
}
