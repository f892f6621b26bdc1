/// What follows in this machine from a move of another.
public struct Reaction: Sendable {
    /// What it waits for: `order enters shipped`.
    public struct Trigger: Sendable {
        /// What has to happen.
        public enum Verb: String, Sendable, CaseIterable {
            /// A state is entered.
            case enters
            /// A state is left.
            case leaves
            /// A move is made.
            case does
        }

        /// The machine that moves.
        public var machine: Word
        /// What has to happen.
        public var verb: Verb
        /// The state or move.
        public var subject: Word

        /// Makes a trigger.
        public init(machine: Word, verb: Verb, subject: Word) {
            (self.machine, self.verb, self.subject) = (machine, verb, subject)
        }
    }

    /// What becomes of a refusal.
    public enum Refused: String, Sendable, CaseIterable {
        /// It is written into the causing event.
        case note
        /// It opens a task.
        case park
        /// It aborts everything.
        case fail
    }

    /// When a reaction runs.
    public enum Run: String, Sendable, CaseIterable {
        /// In the transaction of its cause.
        case together
        /// In a transaction of its own, soon after.
        case later
    }

    /// Its name.
    public var name: Word
    /// What follows, for people.
    public var title: String
    /// What it waits for; any of them.
    public var when: [Trigger]
    /// Which records it reaches.
    public var find: Word?
    /// The move it makes on each.
    public var move: Word?
    /// The factory that makes a record.
    public var create: Word?
    /// Inputs of the move; `machine.field` is read from the source.
    public var with: [NamedValue]
    /// When it runs.
    public var run: Run
    /// What becomes of a refusal; nil where the file does not say, which the checker allows only where no move is made.
    public var ifRefused: Refused?
    /// What it queues.
    public var jobs: [JobCall]
    /// Tasks it opens.
    public var opens: [Word]

    /// Makes a reaction of its parts.
    public init(
        name: Word, title: String, when: [Trigger], find: Word? = nil, move: Word? = nil, create: Word? = nil,
        with: [NamedValue] = [], run: Run = .together, ifRefused: Refused? = nil, jobs: [JobCall] = [],
        opens: [Word] = []
    ) {
        (self.name, self.title, self.when, self.find) = (name, title, when, find)
        (self.move, self.create, self.with, self.run) = (move, create, with, run)
        (self.ifRefused, self.jobs, self.opens) = (ifRefused, jobs, opens)
    }
}
